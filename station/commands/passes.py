"""``station pass issue|show|verify|revoke|print``: passes made, checked, taken back and printed without a lane."""

import base64
import binascii
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from station import passes
from station.clock import utc_now
from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.issuing import configure_issue, issue
from station.commands.output import print_json
from station.commands.pass_printing import configure_print, print_passes
from station.commands.revoking import configure_revoke, revoke
from station.commands.trust import trusted_keys
from station.domain.moment import Moment
from station.domain.passes import Health, Pass, Presented, Rejected
from station.domain.situation import ISSUER_LEEWAY_S
from station.domain.times import parse_time
from station.passes import TrustList
from station.passes.key_file import read_key_file
from station.passes.roles import DistrictKey, KeyRole, labelled_role
from station.passes.signers import Signer
from station.rules import validity
from station.scanning.text import payload_text

EXAMPLE = """station pass issue --key district.key --issuer pingyuan --kind vehicle --plate 豫G12345 > pass.txt
  station pass verify --trust keys/ pass.txt
  station pass issue --key district.key --issuer pingyuan --csv badges.csv --output issued.csv
  station pass revoke 5a0c97d050ac3b7c --config hub.toml
  station pass print --trust keys/ --output cards.pdf issued.csv"""

MAX_LEEWAY_S = 3600.0


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="issue|show|verify|revoke|print")
    configure_issue(actions.add_parser("issue", help="sign passes, from options or a CSV; prints one text a line"))
    sheets = "example: station pass print --trust keys/ --output cards.pdf issued.csv"
    configure_print(actions.add_parser("print", help="put passes on cards and window cards", epilog=sheets))
    configure_revoke(actions.add_parser("revoke", help="take passes back, at every station within seconds"))
    show = actions.add_parser("show", help="print what a pass says, without judging it by the clock")
    verify = actions.add_parser("verify", help="check a pass; exit 0 valid, 1 not")
    for action in (show, verify):
        action.add_argument("file", type=Path, nargs="?", help="the pass's text; stdin without it")
        action.add_argument("--trust", type=Path, metavar="DIR", help="folder of public keys or certificates")
    verify.add_argument("--at", type=parse_time, metavar="TIME", help="judge at this time (RFC 3339); now without it")
    verify.add_argument(
        "--leeway",
        type=_leeway,
        default=ISSUER_LEEWAY_S,
        metavar="SECONDS",
        help="so far the issuer's clock may be ahead; %(default)g without it, as at a lane",
    )
    verify.add_argument(
        "--batch", action="store_true", help='JSON Lines in, {"text","at","trust":[base64,...]}; a verdict a line out'
    )


def _leeway(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= MAX_LEEWAY_S:
        raise ArgumentTypeError(f"a number of seconds from 0 to {MAX_LEEWAY_S:g} is expected")
    return seconds


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    if args.action == "issue":
        return issue(args)
    if args.action == "revoke":
        return revoke(args)
    if args.action == "print":
        return print_passes(args)
    if args.action == "verify" and args.batch:
        return _batch(_input(args.file).decode("utf-8", "replace"), args.leeway)
    return _one(args)


def _one(args: Namespace) -> int:
    trust = _trust(args.trust)
    presented = _read(_input(args.file).strip(), trust)
    if args.action == "show":
        said = claims(presented) | named(presented)
        print_json({"kind": _kind(presented), "reasons": _reasons(presented, None, 0), "claims": said})
        return DONE
    verdict = _verdict(presented, args.at or utc_now(), args.leeway)
    print_json(verdict)
    return DONE if verdict["valid"] else FOUND_WRONG


def _batch(lines: str, leeway: float) -> int:
    for number, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            keys = [key for text in asked.get("trust", []) if text for key in _keys(text)]
            at = parse_time(asked["at"]) if asked.get("at") else utc_now()
            text = str(asked["text"])
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
            print_json({"error": f"line {number}: {type(error).__name__}: {error}"})
            continue
        print_json(_verdict(_read(text.encode(), TrustList(keys)), at, leeway))
    return DONE


def _keys(text: str) -> list[DistrictKey | Signer]:
    """What can be used of a key that was given; the rest is told on stderr. It is for passes, unless its own file says
    something else."""
    data = base64.b64decode(text, validate=True)
    found, uses = read_key_file(data), (labelled_role(data) or KeyRole.PASSES).uses
    for fault in found.faults:
        print(f"trust: {text[:40]} {fault}", file=sys.stderr)
    return [key if isinstance(key, Signer) else DistrictKey(key, uses) for key in found.keys]


def _verdict(presented: Presented, at: datetime, leeway: float) -> dict[str, Any]:
    reasons = _reasons(presented, at, leeway)
    return {"valid": not reasons, "kind": _kind(presented), "reasons": reasons, "claims": claims(presented)}


def _reasons(presented: Presented, at: datetime | None, leeway: float) -> list[str]:
    if isinstance(presented, Rejected):
        return [presented.reason.value]
    if at is None:
        return []
    return [finding.reason.value for finding in validity.at_time(presented, Moment(at, True, "", 0.0), leeway)]


def _kind(presented: Presented) -> str | None:
    return presented.kind.value if isinstance(presented, Pass) else None


def claims(presented: Presented) -> dict[str, Any]:
    """A genuine pass's claims by name; what was never verified is not repeated."""
    if isinstance(presented, Rejected):
        return {}
    scope = {name: list(getattr(presented.scope, name)) for name in ("levels", "grids", "lanes", "route", "drop_offs")}
    return {
        "issuer": presented.issuer,
        "id": presented.id,
        "issued_at": presented.issued_at.isoformat(),
        "not_before": presented.not_before.isoformat(),
        "expires": presented.expires.isoformat(),
        "label": presented.label,
        "plate": presented.plate,
        "traffic": presented.traffic.value if presented.traffic else None,
        "party": presented.party,
        "origin": presented.origin,
        "scope": {name: values for name, values in scope.items() if values},
        "musts": {must.value: attestation.value for must, attestation in presented.musts.items()},
        "details": asdict(presented.details) if presented.details else {},
    } | _health(presented.health)


def named(presented: Presented) -> dict[str, str]:
    """The full name on a health certificate, for whoever asks what it says; a verdict does without."""
    health = presented.health if isinstance(presented, Pass) else None
    return {"name": health.name} if health else {}


def _health(health: Health | None) -> dict[str, Any]:
    if health is None:
        return {}
    said = {
        "kind": health.kind.value,
        "on": health.on.isoformat(),
        "result": health.result.value if health.result else None,
        "dose": health.dose,
        "doses": health.doses,
        "country": health.country,
    }
    return {"health": said}


def _read(payload: bytes, trust: TrustList) -> Presented:
    return passes.read(payload, payload_text(payload), trust)


def _trust(folder: Path | None) -> TrustList:
    return trusted_keys(folder, "--trust") if folder else TrustList()


def _input(file: Path | None) -> bytes:
    try:
        return file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
