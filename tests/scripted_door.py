"""The door of the supervisors' view, as a test says it is, and the view over a scripted station."""

from typing import Any

from station.domain.shift_figures import LaneFigures
from station.domain.supervision import HandOverView, SignInRefusal, SignInRefused, Supervisor
from station.supervisor.masking import told
from station.supervisor.protocol import Duty
from web_ui.supervisor import SupervisorServices

NUMBER, PIN = "0501", "258036"
HAND_OVER = HandOverView(
    "2026-03-02T12:00:00.000Z",
    "0107",
    "0108",
    "2026-03-02T04:00:00.000Z",
    (LaneFigures("1", 120, 2, 3, 125, 402, 1), LaneFigures("2", 80, 0, 1, 81, 190)),
)


class ScriptedDoor:
    """Knows one supervisor; remembers who tried, and which sessions were only looked at."""

    def __init__(self) -> None:
        self.tries: list[tuple[str, str]] = []
        self.sessions: dict[str, Supervisor] = {}
        self.prolonged = 0
        self.refusal: SignInRefusal | None = None

    def sign_in(self, number: str, pin: str, address: str) -> str:
        self.tries.append((number, address))
        if self.refusal is not None or (number, pin) != (NUMBER, PIN):
            raise SignInRefused(self.refusal or SignInRefusal.WRONG_PIN)
        secret = f"secret {len(self.tries)}"
        self.sessions[secret] = Supervisor(number, "李**")
        return secret

    def supervisor(self, secret: str) -> Supervisor | None:
        self.prolonged += secret in self.sessions
        return self.sessions.get(secret)

    def look(self, secret: str) -> Supervisor | None:
        return self.sessions.get(secret)

    def sign_out(self, secret: str) -> None:
        self.sessions.pop(secret, None)


def supervisor_services(station: Any, door: ScriptedDoor) -> SupervisorServices:
    """Over a station that remembers or is scripted for the kiosk."""
    kiosk = station.services()

    def changes(after: int, timeout: float) -> tuple[int, dict[str, Any]]:
        revision, topics = kiosk.changes(after, timeout)
        own = {"availability": topics["availability"]} if "availability" in topics else {}
        return revision, told(topics) | own

    return SupervisorServices(
        name="107国道黄河桥北岸",
        lanes=kiosk.lanes,
        changes=changes,
        closed=kiosk.closed,
        door=door,
        duty=lambda: Duty(tuple(kiosk.shifts.on_duty), tuple(kiosk.shifts.teams), (HAND_OVER,)),
        incidents=kiosk.incidents.listed,
        hours=kiosk.hours,
        zone=kiosk.zone,
        now=kiosk.now,
    )
