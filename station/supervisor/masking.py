"""What of the station's live views leaves its process: by name, so that a field added for the kiosk stays at the kiosk.

Whoever stands at the lane compares plate and holder; whoever looks from afar needs to know how the work goes.
"""

from collections.abc import Mapping
from typing import Any

from station.domain.documents import masked

View = Mapping[str, Any]

_NOBODY_IN_THEM = frozenset({"station", "rounds"})
_DUTY = ("on", "lanes", "teams")
_LANE = ("lane", "name", "kind", "direction", "mode", "camera", "waiting", "counts", "pace", "faults")
_PASSAGE = (
    *("id", "row", "at", "outcome", "proposed", "reasons", "pass_kind", "label", "traffic", "party", "origin"),
    *("valid_until", "certificates", "against", "for_passing", "musts", "by_operator", "written"),
)
_PLACE = 2  # of a plate: province and city
_NOT_TOLD: Mapping[str, Any] = {"text": "", "said": {}, "named": False, "temperature": None, "undo_until": ""}


def told(topics: Mapping[str, View]) -> dict[str, View]:
    """Those topics that supervisors hear of, each as they see it."""
    views = {topic: _told(topic, view) for topic, view in topics.items()}
    return {topic: view for topic, view in views.items() if view is not None}


def _told(topic: str, view: View) -> View | None:
    if topic in _NOBODY_IN_THEM:
        return view
    if topic == "incidents":  # how many there are; what was said of them stands on the page
        return {"open": [{"id": one["id"]} for one in view["open"]]}
    if topic == "duty":
        return {name: view[name] for name in _DUTY}
    if topic.startswith("lane/"):
        return {name: view[name] for name in _LANE} | {"passage": _passage(view["passage"])}
    return None


def _passage(passage: View | None) -> View | None:
    """With the shape of the kiosk's, because its scripts read it."""
    if passage is None:
        return None
    shown = {name: passage[name] for name in _PASSAGE}
    return {**shown, **_NOT_TOLD, "plate": masked(passage["plate"], _PLACE)}
