"""Every command by name, with its line in ``station --help``."""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True, slots=True)
class Command:
    """Its file is imported when it is chosen: what prints, reads pictures or serves pages takes seconds to import on a
    Pi, and most commands do none of that."""

    name: str
    file: str
    help: str

    def load(self) -> ModuleType:
        return import_module(f"station.commands.{self.file}")


COMMANDS = (
    Command("run", "run", "run the station until SIGTERM"),
    Command("check-config", "check_config", "check a station.toml or hub.toml: every mistake at once"),
    Command("decode", "decode", "decode the codes in images or folders"),
    Command("replay", "replay", "run the lane's scanning over a video or a folder of frames"),
    Command("pass", "passes", "issue, show, verify, revoke and print passes"),
    Command("board", "board", "print the boards that drivers and passengers scan"),
    Command("keys", "keys", "make, list and export the district's keys"),
    Command("list", "lists", "revocations, watchlist, residents and trusted keys: what the hub signs for its stations"),
    Command("order", "orders", "send orders to every station beneath a level, and see who has acknowledged them"),
    Command("supervisor", "supervisor", "run the supervisors' view of a station, over the network, until SIGTERM"),
    Command("roster", "roster", "who works here: teams, experience, and PINs for signing on without a badge"),
    Command("ledger", "ledger", "export the ledger, verify its hash chain, make the daily tables, or back it up"),
    Command("hub", "hub", "run the district's hub until SIGTERM; say who may open its pages"),
    Command("demo", "demo", "start a broker, a hub and a station with lanes playing"),
    Command(
        "simulate",
        "simulate",
        "carry many stations' real messages to a broker, and compare a hub with the ground truth",
    ),
    Command(
        "doctor",
        "doctor",
        "look at machine, disk, clock, keys, lists, cameras, sensors, gate and broker: what is wrong, what to do",
    ),
    Command("enrol", "enrol", "make this machine a station, from an enrolment file or a code before its camera"),
    Command("bench", "bench", "measure reading on your own photos, beside the plain readers"),
)
