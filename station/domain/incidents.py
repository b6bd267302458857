"""What an operator does about an incident, and how it stands on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from station.domain.event_rows import Recorded
from station.domain.events.incidents import IncidentClosed, IncidentKind, IncidentOpened, IncidentUpdated, Severity

USUAL_SEVERITY = {
    IncidentKind.FEVER: Severity.SERIOUS,
    IncidentKind.LIST_HIT: Severity.SERIOUS,
    IncidentKind.REFUSAL: Severity.SERIOUS,
    IncidentKind.CROWD: Severity.EMERGENCY,
    IncidentKind.EQUIPMENT: Severity.NOTICE,
    IncidentKind.UNMATCHED: Severity.SERIOUS,
    IncidentKind.OTHER: Severity.NOTICE,
}
"""What the form begins with; whoever reports may say otherwise."""


@dataclass(frozen=True, slots=True)
class ReportIncident:
    """``incident`` is an id that the form drew when it was opened: sent twice, it is still one incident. ``with_photo``
    asks for a picture of the lane, which is taken where the policy allows it."""

    incident: str
    kind: IncidentKind
    severity: Severity
    lane: str = ""
    text: str = ""
    operator: str = ""
    with_photo: bool = False


@dataclass(frozen=True, slots=True)
class UpdateIncident:
    incident: str
    severity: Severity
    text: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class CloseIncident:
    incident: str
    text: str = ""
    operator: str = ""


IncidentCommand = ReportIncident | UpdateIncident | CloseIncident


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An open incident. ``text`` is what was said last of it; ``lane`` is empty where it is about none; ``photo`` is as
    in ``IncidentOpened``."""

    id: str
    kind: str
    severity: str
    lane: str
    opened_at: str
    changed_at: str
    text: str
    photo: str = ""


Open = Mapping[str, IncidentView]
"""Open incidents by id, oldest first."""


def after(found: Open, row: Recorded) -> Open:
    """The incidents that are open once one more thing has been written down."""
    at = row.at.text
    match row.event:
        case IncidentOpened(incident, kind, severity, text, photo=photo):
            opened = IncidentView(incident, kind.value, severity.value, row.lane, at, at, text, photo)
            return {**found, incident: opened}
        case IncidentUpdated(incident, severity, text) if incident in found:
            known = found[incident]
            changed = replace(known, severity=severity.value, changed_at=at, text=text or known.text)
            return {**found, incident: changed}
        case IncidentClosed(incident):
            return {known: view for known, view in found.items() if known != incident}
        case _:
            return found
