"""``station hub account add|list|password|disable|enable``: who may open the district's pages."""

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass

from station.bootstrap import DistrictDesk
from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.hub_config import configure_hub, database_of, level_of
from station.commands.output import print_json
from station.domain.accounts import (
    LEAST_PASSWORD,
    MOST_PASSWORD,
    Account,
    AccountRefusal,
    AccountRefused,
    By,
    Role,
)
from station.hub.accounts import Accounts
from station.hub.passwords import Passwords

NAME = "account"
HELP = "accounts of the district's pages: add, list, set a password, disable"
COMMAND_LINE = By("command line")

SAID = {
    AccountRefusal.NAME: "an account's name is 2 to 32 of a-z 0-9 . _ -",
    AccountRefusal.TAKEN: "there is an account of this name; choose another",
    AccountRefusal.UNKNOWN: "there is no such account; see station hub account list",
    AccountRefusal.SHORT: f"a password has {LEAST_PASSWORD} characters at least",
    AccountRefusal.LONG: f"a password has {MOST_PASSWORD} characters at most",
    AccountRefusal.LIKE_NAME: "the password is little more than the account's name; choose another",
    AccountRefusal.LAST: "this is the last administrator's account; add another first",
}


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", required=True, metavar="add|list|password|disable|enable")
    add = actions.add_parser("add", help="a new account; asks for its first password, or reads it from stdin")
    add.add_argument("name")
    add.add_argument("--role", choices=list(Role), default=Role.VIEWER, type=Role, help="default: viewer")
    add.add_argument("--level", metavar="PATH", help="names joined by /; default: the whole district")
    configure_hub(add)
    listed = actions.add_parser("list", help="every account with its role and level")
    listed.add_argument("--json", action="store_true", help="one JSON object a line")
    configure_hub(listed)
    for name, what in (
        ("password", "a new first password, asked for or read from stdin; the account's sessions end"),
        ("disable", "nobody logs in with it any more; its sessions end and its API tokens are revoked"),
        ("enable", "as before it was disabled"),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("name")
        configure_hub(action)


def execute(args: Namespace) -> int:
    with database_of(args.config) as (config, database):
        accounts = DistrictDesk(database, config.web, Passwords(), utc_now).accounts
        if args.what == "list":
            for account in accounts.beneath((config.hub.district,)):
                _print(account, args.json)
            return DONE
        try:
            _change(accounts, args, config.hub.district)
        except AccountRefused as refused:
            raise CommandError(f"{args.name}: {SAID[refused.why]}") from None
    return DONE


def _change(accounts: Accounts, args: Namespace, district: str) -> None:
    match args.what:
        case "add":
            level = level_of(args.level, district)
            accounts.add(args.name, _new_password(), args.role, level, COMMAND_LINE)
            print(f"{args.name}: added; the first login asks for a password of its own")
        case "password":
            accounts.find(args.name)  # before anybody is asked for a password
            accounts.reset_password(args.name, _new_password(), COMMAND_LINE)
            print(f"{args.name}: set; the next login asks for another")
        case "disable":
            accounts.disable(args.name, COMMAND_LINE)
        case _:
            accounts.enable(args.name, COMMAND_LINE)


def _print(account: Account, as_json: bool) -> None:
    level = "/".join(account.level)
    if as_json:
        last = account.last_login.isoformat() if account.last_login else None
        state = {"disabled": account.disabled, "must_change": account.must_change, "last_login": last}
        print_json({"name": account.name, "role": account.role, "level": level, **state})
    else:
        print(f"{account.name}  {account.role}  {level}{'  disabled' if account.disabled else ''}")


def _new_password() -> str:
    """Never an argument: those stand in the list of processes and in the shell's history."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("first password: ")
    if first != getpass("once more: "):
        raise CommandError("the two passwords differ; nothing was changed")
    return first
