"""The station's replies to the requests of the supervisors' view."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from station.domain.condition import PartView
from station.domain.incidents import IncidentView
from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.shifts import OnDuty
from station.domain.supervision import HandOverView, SignInRefused, Supervisor
from station.supervisor import protocol
from station.supervisor.masking import told

MAX_INCIDENTS = 100
MAX_HAND_OVERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHandler:
    """Each a callable that reads; ``sign_in`` and ``sign_out`` alone write, an event each.

    ``topics`` are those of the feed, unmasked. ``hand_overs`` are those of the local day, the latest first.
    ``supervisors`` are fingerprints of entries of the roster. ``sign_in`` takes number, PIN and address; both raise
    ``SignInRefused``.
    """

    topics: Callable[[], Mapping[str, Mapping[str, Any]]]
    supervisors: Callable[[], Sequence[str]]
    on_duty: Callable[[], Sequence[OnDuty]]
    teams: Callable[[], Sequence[TeamView]]
    hand_overs: Callable[[], Sequence[HandOverView]]
    incidents: Callable[[], Sequence[IncidentView]]
    hours: Callable[[], Sequence[HourCounts]]
    parts: Callable[[], Sequence[PartView]]
    sign_in: Callable[[str, str, str], Supervisor]
    sign_out: Callable[[str], None]

    def __call__(self, request: protocol.Request) -> protocol.Reply:
        match request:
            case protocol.ReadLive():
                topics = {topic: dict(view) for topic, view in told(self.topics()).items()}
                return protocol.Live(topics, tuple(self.supervisors()))
            case protocol.ReadDuty():
                hand_overs = tuple(self.hand_overs())[:MAX_HAND_OVERS]
                return protocol.Duty(tuple(self.on_duty()), tuple(self.teams()), hand_overs)
            case protocol.ReadIncidents():
                return protocol.Incidents(tuple(self.incidents())[:MAX_INCIDENTS])
            case protocol.ReadHours():
                return protocol.Hours(tuple(self.hours()))
            case protocol.ReadCondition():
                return protocol.Condition(tuple(self.parts()))
            case protocol.SignIn() | protocol.SignOut():
                return self._sign(request)
            case _:
                assert_never(request)

    def _sign(self, request: protocol.SignIn | protocol.SignOut) -> protocol.Reply:
        try:
            if isinstance(request, protocol.SignIn):
                return protocol.SignedIn(self.sign_in(request.number, request.pin, request.address))
            self.sign_out(request.fingerprint)
        except SignInRefused as refused:
            return protocol.Refused(refused.why)
        return protocol.SignedOut()
