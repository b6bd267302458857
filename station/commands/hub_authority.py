"""``station hub authority new|broker``: the district's own certificate authority, and the broker's certificate."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.signing import ask_new_passphrase, configure_passphrase, open_key
from station.disk import PRIVATE, READABLE, write_whole
from station.enrolment import authority_folder
from station.enrolment.authority import Authority, AuthorityError, issue_broker
from station.passes.keys import SigningKeyError, read_passphrase

NAME = "authority"
HELP = "the district's certificate authority: make it, and the broker's certificate"
MOST_YEARS, MOST_DAYS = 50, 20_000
BROKER_DAYS = 1825


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", required=True, metavar="new|broker")
    new = actions.add_parser("new", help="make an authority: its key, its certificate, an empty revocation list")
    new.add_argument("folder", type=Path, metavar="DIR", help="made if need be; never written over")
    new.add_argument("--name", default="Checkpoint authority", help="what its certificate calls it")
    new.add_argument("--years", type=int, default=20, help="how long it signs; default: 20")
    locked = new.add_mutually_exclusive_group()
    locked.add_argument("--passphrase", action="store_true", help="encrypt its key; asks for the passphrase")
    locked.add_argument("--passphrase-file", type=Path, metavar="FILE", help="encrypt it with the file's first line")
    broker = actions.add_parser("broker", help="issue a certificate to the broker that stations connect to")
    broker.add_argument("folder", type=Path, metavar="DIR", help="the authority's")
    broker.add_argument("names", nargs="+", metavar="NAME", help="a host name or an address that stations call it by")
    broker.add_argument("--days", type=int, default=BROKER_DAYS, help=f"how long it is good; default: {BROKER_DAYS}")
    broker.add_argument(
        "--output", type=Path, required=True, metavar="FOLDER", help="gets ca.pem, broker.pem, broker.key, revoked.pem"
    )
    configure_passphrase(broker)


def execute(args: Namespace) -> int:
    try:
        return _new(args) if args.what == "new" else _broker(args)
    except AuthorityError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}; name a folder this user may write") from None


def open_authority(folder: Path, passphrase_file: Path | None) -> Authority:
    """:raises CommandError: there is none, or its key stays shut."""
    try:
        return authority_folder.load(folder, lambda key: open_key(key, passphrase_file, None))
    except AuthorityError as error:
        raise CommandError(str(error)) from None


def _new(args: Namespace) -> int:
    if not 1 <= args.years <= MOST_YEARS:
        raise CommandError(f"--years {args.years}: give 1 to {MOST_YEARS}")
    try:
        passphrase = read_passphrase(args.passphrase_file) if args.passphrase_file else None
    except SigningKeyError as error:
        raise CommandError(f"--passphrase-file: {error}") from None
    if args.passphrase:
        passphrase = ask_new_passphrase()
    made = authority_folder.make(args.folder, args.name, utc_now(), args.years, passphrase)
    print(
        f"{args.folder / authority_folder.KEY}: the authority's key, keep it safe: it makes stations\n"
        f"{args.folder / authority_folder.CERTIFICATE}: its certificate, good until {made.ends.date()}"
    )
    return DONE


def _broker(args: Namespace) -> int:
    if not 1 <= args.days <= MOST_DAYS:
        raise CommandError(f"--days {args.days}: give 1 to {MOST_DAYS}")
    authority = open_authority(args.folder, args.passphrase_file)
    issued = issue_broker(authority, args.names, utc_now(), args.days)
    args.output.mkdir(parents=True, exist_ok=True)
    for name, content, mode in (
        ("ca.pem", authority.certificate.public_bytes(Encoding.PEM), READABLE),
        ("revoked.pem", authority_folder.read_revocations(args.folder), READABLE),
        ("broker.key", authority_folder.key_pem(issued.key), PRIVATE),
        ("broker.pem", issued.certificate.public_bytes(Encoding.PEM), READABLE),
    ):
        write_whole(args.output / name, content, mode)
    until = issued.certificate.not_valid_after_utc.date()
    print(f"{args.output / 'broker.pem'}: for {', '.join(args.names)}, good until {until}")
    return DONE
