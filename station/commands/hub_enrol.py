"""``station hub enrol``: give stations their names and keys, say who has one, and take it back."""

from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.enrolment_issuing import Issuing, drawings_of, write_out
from station.commands.enrolment_rows import wanted_of
from station.commands.hub_authority import MOST_DAYS, open_authority
from station.commands.output import print_json
from station.config import HubConfig, load_hub
from station.disk import READABLE, write_whole
from station.domain.times import parse_time
from station.enrolment import authority_folder
from station.enrolment.authority import AuthorityError
from station.enrolment.register import Entry, Register

NAME = "enrol"
HELP = "issue stations' keys, certificates and enrolments; list them; revoke one"
DAYS, TAKEN_WITHIN = 1095, 30
_REVOKED_AT_THE_BROKER = "/etc/mosquitto/checkpoint/revoked.pem"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the hub.toml, with [authority]")
    parser.add_argument("stations", nargs="*", metavar="STATION", help="ids, a-z 0-9 -")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="who is enrolled, until when; with ids, only these")
    what.add_argument("--revoke", action="store_true", help="the broker lets these in no longer, once it has the list")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="stations, a row each: id, name, level, grids")
    parser.add_argument("--name", default="", help="what people call the station; default: its id")
    parser.add_argument("--level", metavar="PATH", help="names joined by /; default: the district")
    parser.add_argument(
        "--again", action="store_true", help="stations that are enrolled too; what they have stays good"
    )
    parser.add_argument("--days", type=int, default=DAYS, help=f"how long a certificate is good; default: {DAYS}")
    parser.add_argument(
        "--take-within", type=int, default=TAKEN_WITHIN, metavar="DAYS", help=f"default: {TAKEN_WITHIN}"
    )
    parser.add_argument("--output", type=Path, metavar="FOLDER", help="gets STATION.toml for each, and sheets.pdf")
    parser.add_argument(
        "--crl",
        type=Path,
        metavar="FILE",
        help=f"with --revoke: write the list here too, such as {_REVOKED_AT_THE_BROKER}",
    )
    parser.add_argument("--json", action="store_true", help="with --list: one JSON object a line")


def execute(args: Namespace) -> int:
    config = load_hub(args.config)
    folder = _folder(config, args.config)
    try:
        if args.list:
            return _list(args, folder, ZoneInfo(config.hub.timezone))
        with authority_folder.alone(folder):
            return _revoke(args, config, folder) if args.revoke else _enrol(args, config, folder)
    except AuthorityError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}; run it as a user who may write there") from None


def _folder(config: HubConfig, file: Path) -> Path:
    folder = Path(config.authority.folder)
    if not config.authority.folder or not folder.is_dir():
        raise CommandError(
            f"{file}: authority.folder: no authority is there; make one with 'station hub authority new' and name it"
        )
    return folder


def _enrol(args: Namespace, config: HubConfig, folder: Path) -> int:
    _check_lengths(args)
    wanted, now = wanted_of(args, config.hub.district), utc_now()
    register = Register(folder)
    enrolled = register.enrolled(now)
    taken = [one.id for one in wanted if one.id in enrolled]
    if taken and not args.again:
        until = parse_time(enrolled[taken[0]].not_after).date()
        raise CommandError(
            f"{', '.join(taken[:5])}{' and others' * (len(taken) > 5)}: enrolled until {until}; "
            "--revoke takes that back, --again issues another"
        )
    authority = open_authority(folder, _passphrase_file(config))
    issuing = Issuing(authority, config, now, args.days, now + timedelta(days=args.take_within))
    issued = [issuing.issue(one) for one in wanted]
    drawings = drawings_of(issued, ZoneInfo(config.hub.timezone))
    register.add(one.entry for one in issued)
    write_out(issued, drawings, args.output)
    print(f"{args.output}: {len(issued)} enrolled; whoever has a file or a sheet has the station's key")
    return DONE


def _revoke(args: Namespace, config: HubConfig, folder: Path) -> int:
    register, now = Register(folder), utc_now()
    unknown = sorted(set(args.stations) - {entry.station for entry in register.entries})
    if unknown or not args.stations:
        raise CommandError(f"{', '.join(unknown) or '--revoke'}: give stations that were enrolled; --list says which")
    authority = open_authority(folder, _passphrase_file(config))
    authority_folder.read_revocations(folder)  # before the register says what no broker would hear of
    fresh = register.revoke(set(args.stations), now)
    listed = authority_folder.write_revocations(folder, authority, register.revoked(), now)
    if args.crl:
        write_whole(args.crl, listed, READABLE)
    place = args.crl or folder / authority_folder.REVOKED
    print(f"{place}: {len(fresh)} more revoked; the broker reads it when it is reloaded")
    return DONE


def _list(args: Namespace, folder: Path, zone: ZoneInfo) -> int:
    now = utc_now()
    for entry in sorted(Register(folder).entries, key=lambda entry: (entry.station, entry.issued)):
        if not args.stations or entry.station in args.stations:
            _print(entry, _standing(entry, now), zone, args)
    return DONE


def _standing(entry: Entry, now: datetime) -> str:
    if entry.revoked:
        return "revoked"
    return "enrolled" if entry.good(now) else "expired"


def _print(entry: Entry, standing: str, zone: ZoneInfo, args: Namespace) -> None:
    if args.json:
        print_json(
            {
                "station": entry.station,
                "standing": standing,
                "serial": entry.serial,
                "issued": entry.issued,
                "not_after": entry.not_after,
                "revoked": entry.revoked,
            }
        )
    else:
        until = parse_time(entry.not_after).astimezone(zone).date()
        print(f"{entry.station}  {standing}  until {until}  {entry.serial}")


def _passphrase_file(config: HubConfig) -> Path | None:
    return Path(config.authority.passphrase_file) if config.authority.passphrase_file else None


def _check_lengths(args: Namespace) -> None:
    if args.output is None:
        raise CommandError("--output: name the folder that is to get the enrolments")
    for option, days in (("--days", args.days), ("--take-within", args.take_within)):
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"{option} {days}: give 1 to {MOST_DAYS}")
