"""Make an evidence folder from Python, and read the answer from it.

    python examples/trace_a_site.py [FOLDER]

Uses the drawn demonstration imagery, so its numbers are no evidence of anything.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reetrace import load_registry, open_engine, trace
from reetrace.drawn import DEFAULT_SEED, draw_world


def main(folder: Path) -> None:
    """Trace mine A at two epochs and print what is known of its growth, by country."""
    world = folder / "drawn"
    if not world.exists():
        draw_world(DEFAULT_SEED, world)
    registry = load_registry()
    outcome = trace(
        registry.site("mine-A"),
        [2015, 2020],
        registry=registry,
        engine=open_engine("local", catalogues=[], work=folder / "work", drawn=world),
        reports=folder / "reports",
        world=world,
        documents=False,
    )
    print(outcome.notice)
    for growth in outcome.evidence.growth:
        change = growth.change
        if change.value is not None and change.low is not None and change.high is not None:
            print(
                f"{growth.zone_set:<28} {growth.zone:<10} {growth.verdict:<22} "
                f"{change.value:+.2f} {change.unit} (95 % interval {change.low:+.2f} to "
                f"{change.high:+.2f})"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "example"))
