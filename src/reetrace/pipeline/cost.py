"""What a run asked of Earth Engine, for whoever pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reetrace.engines.earthengine.usage import Usage


def cost_of(engine: Any) -> tuple[str, ...]:  # noqa: ANN401 - pixels are private to an engine
    """Plain lines on what an engine asked of its service; none for the embedded engine."""
    return cost_lines(engine.usage) if hasattr(engine, "usage") else ()


def cost_lines(usage: Usage) -> tuple[str, ...]:
    """Requests, bytes and compute, and what went wrong on the way and was made good."""
    requests = _counted(usage.requests_made, "request")
    lines = [f"{requests} to Earth Engine, {usage.bytes_moved / 1e6:.1f} MB moved"]
    if usage.eecu_seconds is None and usage.batch_eecu_seconds is None:
        lines.append("compute: not told by the service; the cloud console shows it by workload tag")
    else:
        told = {"answers": usage.eecu_seconds, "exports": usage.batch_eecu_seconds}
        parts = [f"{value:,.0f} for {what}" for what, value in told.items() if value is not None]
        lines.append(f"compute in EECU seconds: {', '.join(parts)}")
    if usage.retries:
        causes = ", ".join(f"{each}: {usage.retries[each]}" for each in sorted(usage.retries))
        lines.append(f"{_counted(usage.retries.total(), 'request')} sent again ({causes})")
    if usage.restricted:
        lines.append("the project was over its monthly quota, and so slower (restricted mode)")
    return tuple(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
