"""The lines of ``station doctor --aim``: words for people, the same as JSON for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from station.domain.aim import Advice, Aim, CodeAim, Distance

ADVICE = {
    Advice.SHOW: "hold a code up to the camera",
    Advice.CLOSER: "move the camera closer, print larger, or take a narrower lens",
    Advice.FOCUS: "turn the focus ring, and hold the code still",
    Advice.SHADE: "shade the lens or turn it away from the light",
    Advice.LIGHT: "light the lane",
    Advice.WIPE: "wipe the lens, and keep reflections off the code",
    Advice.FINE: "nothing to do",
}


def report(lane: str, aim: Aim, reach: Sequence[Distance]) -> dict[str, Any]:
    """Lengths in a picture are pixels, distances metres, sizes millimetres, shares 0 to 1."""
    distances = [
        {"size_mm": one.size, "comfortable_m": round(one.comfortable / 1000, 3), "limit_m": round(one.limit / 1000, 3)}
        for one in reach
    ]
    return {"lane": lane, **asdict(aim), "distances": distances}


def line(lane: str, aim: Aim, reach: Sequence[Distance]) -> str:
    parts = [
        f"lane {lane}",
        _code(aim.code) if aim.code else "no code in view",
        f"{'code' if aim.code else 'frame'} light {aim.light}: mean {aim.exposure.mean:.0f}, "
        f"burnt {aim.exposure.burnt:.0%}, black {aim.exposure.black:.0%}",
        "; ".join(ADVICE[advice] for advice in aim.advice),
    ]
    if reach:
        parts.append("reads " + ", ".join(f"{one.size} mm to {one.limit / 1000:.1f} m" for one in reach))
    return " | ".join(parts)


def _code(code: CodeAim) -> str:
    return f"{code.px_per_module:.1f} px per module {code.scale} | edge {code.edge_px:.1f} px {code.sharpness}"
