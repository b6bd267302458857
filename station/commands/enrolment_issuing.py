"""From a station's name to its enrolment: key, certificate, file and sheet, as the hub's configuration says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.serialization import Encoding

from station.commands import CommandError
from station.commands.enrolment_keys import keys_by_role
from station.commands.enrolment_rows import Wanted
from station.commands.progress import progress
from station.config import HubConfig
from station.disk import PRIVATE, write_whole
from station.domain.levels import SEPARATOR
from station.domain.times import utc_text
from station.enrolment import Enrolment, EnrolmentError
from station.enrolment.authority import Authority, issue_station
from station.enrolment.authority_folder import key_pem
from station.enrolment.check import check
from station.enrolment.code import write_code
from station.enrolment.file import write_file
from station.enrolment.register import Entry
from station.passes.keys import SigningKeyError, load_list_key
from station.passes.roles import KeyRole
from station.printing.drawing import Drawing
from station.printing.enrolment_sheet import EnrolmentSheet, enrolment_drawing
from station.printing.errors import PrintError
from station.printing.paper import one_a_page
from station.printing.pdf import to_pdf

SHEETS = "sheets.pdf"


@dataclass(frozen=True, slots=True)
class Issued:
    wanted: Wanted
    enrolment: Enrolment
    entry: Entry
    until: datetime


class Issuing:
    """What all stations of one run have in common.

    :param until: no enrolment of it is taken after that.
    :raises CommandError: the configuration lacks what stations need.
    """

    def __init__(self, authority: Authority, config: HubConfig, now: datetime, days: int, until: datetime) -> None:
        if not config.authority.url:
            raise CommandError("authority.url: is missing; give the broker as stations reach it, mqtts://HOST:8883")
        self._authority, self._config = authority, config
        self._now, self._days, self._until = now, days, until.replace(microsecond=0)
        self._keys = keys_by_role(config)
        self._list_key = _list_key(config)

    def issue(self, wanted: Wanted) -> Issued:
        """:raises AuthorityError: the authority has ended."""
        made = issue_station(self._authority, wanted.id, self._now, self._days, wanted.levels)
        certificate = made.certificate
        enrolment = Enrolment(
            settings=self._settings(wanted),
            ca=self._authority.certificate.public_bytes(Encoding.PEM),
            cert=certificate.public_bytes(Encoding.PEM),
            key=key_pem(made.key),
            trust=self._keys[KeyRole.DISTRICT],
            roles={role: keys for role, keys in self._keys.items() if keys and role is not KeyRole.DISTRICT},
            list_key=self._list_key,
            until=self._until,
        )
        try:
            check(enrolment, self._now)
        except EnrolmentError as error:
            raise CommandError(f"{wanted.id}: {error}") from None
        serial, ends = f"{certificate.serial_number:040x}", certificate.not_valid_after_utc
        return Issued(wanted, enrolment, Entry(wanted.id, serial, utc_text(self._now), utc_text(ends)), self._until)

    def _settings(self, wanted: Wanted) -> dict[str, dict[str, object]]:
        station: dict[str, object] = {
            "id": wanted.id,
            "name": wanted.name,
            "district": self._config.hub.district,
            "levels": list(wanted.levels),
            "timezone": self._config.hub.timezone,
        }
        if wanted.grids:
            station["grids"] = list(wanted.grids)
        return {"station": station, "uplink": {"url": self._config.authority.url}}


def drawings_of(issued: Sequence[Issued], zone: ZoneInfo) -> list[Drawing]:
    """A sheet for each station. :raises CommandError: one cannot be printed."""
    return [_drawing(one, zone) for one in progress(issued, "laying out")]


def write_out(issued: Sequence[Issued], drawings: Sequence[Drawing], folder: Path) -> None:
    """A file for each station and the sheets of all, for this user alone.

    :raises OSError: not all of it could be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for one in issued:
        write_whole(folder / f"{one.wanted.id}.toml", write_file(one.enrolment).encode(), PRIVATE)
    write_whole(folder / SHEETS, to_pdf(one_a_page(drawings), "Enrolments"), PRIVATE)


def _drawing(one: Issued, zone: ZoneInfo) -> Drawing:
    try:
        sheet = EnrolmentSheet(
            text=write_code(one.enrolment),
            station=one.wanted.id,
            name=one.wanted.name,
            level=SEPARATOR.join(one.wanted.levels),
            until=one.until.astimezone(zone).date().isoformat(),
        )
        return enrolment_drawing(sheet)
    except (EnrolmentError, PrintError) as error:
        raise CommandError(f"{one.wanted.id}: {error}") from None


def _list_key(config: HubConfig) -> bytes:
    try:
        return load_list_key(Path(config.signing.list_key)) if config.signing.list_key else b""
    except SigningKeyError as error:
        raise CommandError(f"signing.list_key: {error}") from None
