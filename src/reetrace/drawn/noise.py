"""Random fields: the same numbers for the same generator, whatever the number of threads.

Only element-wise arithmetic is used: a matrix product may add in another order with other threads.
"""

from __future__ import annotations

import math

import numpy as np

from reetrace.drawn.frame import Float32Array, Frame


def smooth_field(rng: np.random.Generator, frame: Frame, length_m: float) -> Float32Array:
    """A field of mean 0 and standard deviation 1 whose lumps are about `length_m` across."""
    knots_m = max(length_m / 2.0, frame.cell_m)
    knots = (
        math.ceil(frame.rows * frame.cell_m / knots_m) + 4,
        math.ceil(frame.cols * frame.cell_m / knots_m) + 4,
    )
    coarse = rng.standard_normal(knots, dtype=np.float32)
    down = _spline(coarse, frame.rows, frame.cell_m / knots_m)
    field = np.ascontiguousarray(_spline(down.T, frame.cols, frame.cell_m / knots_m).T)
    field -= field.mean(dtype=np.float64).astype(np.float32)
    field /= field.std(dtype=np.float64).astype(np.float32)
    return field


def _spline(knots: Float32Array, samples: int, step: float) -> Float32Array:
    """Cubic B-spline along the first axis, sampled at `samples` places `step` knots apart."""
    at = (np.arange(samples) + 0.5) * step
    first = np.floor(at).astype(np.int64)
    t = (at - first).astype(np.float32)[:, None]
    weights = (
        (1 - t) ** 3 / 6,
        (3 * t**3 - 6 * t**2 + 4) / 6,
        (-3 * t**3 + 3 * t**2 + 3 * t + 1) / 6,
        t**3 / 6,
    )
    total = np.zeros((samples, knots.shape[1]), dtype=np.float32)
    for tap, weight in enumerate(weights):
        total += weight * knots[first + tap]
    return total


def rough_field(
    rng: np.random.Generator,
    frame: Frame,
    length_m: float,
    *,
    octaves: int = 3,
    roughness: float = 0.5,
) -> Float32Array:
    """A field with detail at every halving of `length_m`, each weaker by `roughness`."""
    total = smooth_field(rng, frame, length_m)
    for octave in range(1, octaves):
        total += np.float32(roughness**octave) * smooth_field(rng, frame, length_m / 2**octave)
    total /= total.std(dtype=np.float64).astype(np.float32)
    return total


def wander(rng: np.random.Generator, samples: int, length: float) -> Float32Array:
    """A smooth random line of standard deviation about 1, `length` samples between its turns."""
    knots = rng.standard_normal((math.ceil(2 * samples / length) + 4, 1), dtype=np.float32)
    line = _spline(knots, samples, 2.0 / length)[:, 0]
    return line / np.float32(0.69)


def above_share(field: Float32Array, share: float) -> float:
    """The value that this share of the field lies above."""
    ordered = np.partition(field.ravel(), int((1.0 - share) * (field.size - 1)))
    return float(ordered[int((1.0 - share) * (field.size - 1))])
