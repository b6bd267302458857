"""``station keys new|list|export``: the district's keys, made, looked at and handed on."""

import base64
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.commands import DONE, FOUND_WRONG, CommandError, Screens
from station.commands.output import print_json
from station.commands.signing import ask_new_passphrase, configure_passphrase, open_key
from station.passes.digests import LIST_KEY_BYTES
from station.passes.envelope import KEY_ID_BYTES
from station.passes.keys import SigningKeyError, is_encrypted, new_list_key, new_signing_key, read_passphrase
from station.passes.listed_keys import jwk
from station.passes.roles import KeyRole, RoleError, labelled_role
from station.passes.signers import Signer
from station.passes.trust import TrustError, key_digest, parse_keys

EXAMPLE = """station keys new --passphrase /etc/checkpoint-hub/district.key
  station keys new --role orders /etc/checkpoint-hub/orders.key
  station keys new --for lists /etc/checkpoint-hub/list.key
  station keys list /etc/station/trust
  station keys export --format jwk /etc/checkpoint-hub/district.pub"""

_PRIVATE = b"PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class Found:
    """What a file in a folder of keys is. ``wrong`` says what to do about it; empty when it is well."""

    file: str
    what: str
    key_id: str = ""
    wrong: str = ""


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="new|list|export")
    new = actions.add_parser("new", help="make a secret key; of a signing key, the public half beside it (.pub)")
    new.add_argument("file", type=Path, help="where the secret key goes; never written over")
    new.add_argument("--for", dest="purpose", choices=("signing", "lists"), default="signing", help="default: signing")
    new.add_argument(
        "--role",
        choices=list(KeyRole),
        default=KeyRole.DISTRICT,
        type=KeyRole,
        help="what a signing key is for; district signs everything. Default: district",
    )
    locked = new.add_mutually_exclusive_group()
    locked.add_argument("--passphrase", action="store_true", help="encrypt it; asks for the passphrase")
    locked.add_argument("--passphrase-file", type=Path, metavar="FILE", help="encrypt it with the file's first line")
    listed = actions.add_parser("list", help="what the files of a folder are; exit 1 if one is no key or lies open")
    listed.add_argument("folder", type=Path)
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    export = actions.add_parser("export", help="print the public half of a signing key")
    export.add_argument("file", type=Path, help="a public key, or a private one")
    export.add_argument("--format", choices=("pem", "jwk", "base64"), default="pem", help="default: pem")
    configure_passphrase(export)


def execute(args: Namespace, screens: Screens) -> int:
    del screens
    match args.action:
        case "new":
            return _new(args)
        case "list":
            return _list(args)
        case _:
            print(_exported(_public(args), args.format))
            return DONE


def _new(args: Namespace) -> int:
    try:
        if args.purpose == "lists":
            if args.role is not KeyRole.DISTRICT:
                raise CommandError("--role: is for signing keys; leave it out, or --for lists")
            if args.passphrase or args.passphrase_file:
                raise CommandError("--for lists: stations read this key by themselves, so it has no passphrase")
            new_list_key(args.file)
            print(f"{args.file}: list key, keep it safe; the hub and every station need it")
            return DONE
        passphrase = ask_new_passphrase() if args.passphrase else None
        if args.passphrase_file:
            passphrase = read_passphrase(args.passphrase_file)
        new_signing_key(args.file, passphrase, args.role)
    except FileExistsError:
        raise CommandError(f"{args.file} is there already; a key is never written over") from None
    except SigningKeyError as error:
        raise CommandError(f"--passphrase-file: {error}") from None
    except OSError as error:
        raise CommandError(f"{args.file}: {error.strerror}") from None
    print(f"{args.file}: private key, keep it safe\n{args.file.with_suffix('.pub')}: public key, for the stations")
    return DONE


def _list(args: Namespace) -> int:
    if not args.folder.is_dir():
        raise CommandError(f"{args.folder} is no folder; give the one that holds the keys")
    found = [line for path in sorted(args.folder.iterdir()) if path.is_file() for line in _look(path)]
    for line in found:
        if args.json:
            print_json(asdict(line))
        else:
            print("  ".join(part for part in (line.file, line.what, line.key_id, line.wrong) if part))
    return FOUND_WRONG if any(line.wrong for line in found) else DONE


def _look(path: Path) -> Iterator[Found]:
    data = path.read_bytes()
    lies_open = f"can be read by others: chmod 600 {path}" if path.stat().st_mode & 0o077 else ""
    if _PRIVATE in data:
        kind = "private key, encrypted" if is_encrypted(path) else "private key"
        yield Found(path.name, kind + _role(data), wrong=lies_open)
        return
    if len(data) == LIST_KEY_BYTES and not lies_open:
        yield Found(path.name, "32 bytes of this user alone: a list key, or a raw public key")
        return
    try:
        keys = parse_keys(data, str(path))
    except TrustError as error:
        yield Found(path.name, "no key", wrong=str(error))
        return
    for key in keys:
        if isinstance(key, Signer):
            yield Found(path.name, f"third party's, for {key.scheme} health certificates", key.digest.hex()[:16])
        else:
            yield Found(path.name, "district's public key" + _role(data), key_id(key))


def _role(data: bytes) -> str:
    """As the key's file names it."""
    try:
        role = labelled_role(data)
    except RoleError as error:
        return f", {error}"
    return f", for {role}" if role else ""


def key_id(key: Ed25519PublicKey) -> str:
    """As lists name a key; passes name it by the first half of this."""
    return key_digest(key)[:KEY_ID_BYTES].hex()


def _public(args: Namespace) -> Ed25519PublicKey:
    try:
        data = args.file.read_bytes()
        if _PRIVATE in data:
            return open_key(args.file, args.passphrase_file, None).public_key()
        (key,) = parse_keys(data, str(args.file))
    except OSError as error:
        raise CommandError(f"{args.file}: {error.strerror}") from None
    except TrustError as error:
        raise CommandError(str(error)) from None
    except ValueError:
        raise CommandError(f"{args.file} holds several keys; give a file with one") from None
    if isinstance(key, Signer):
        raise CommandError(f"{args.file} is a third party's key; give one of the district's")
    return key


def _exported(key: Ed25519PublicKey, form: str) -> str:
    match form:
        case "pem":
            pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            return pem.decode().rstrip()
        case "jwk":
            return json.dumps(jwk(key) | {"kid": key_id(key)})
        case _:
            raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return base64.b64encode(raw).decode()
