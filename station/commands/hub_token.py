"""``station hub token new|list|revoke``: what programs read the hub's API with."""

from argparse import ArgumentParser, Namespace

from station.bootstrap import DistrictDesk
from station.clock import utc_now
from station.commands import DONE, CommandError
from station.commands.hub_account import COMMAND_LINE
from station.commands.hub_config import configure_hub, database_of, level_of
from station.commands.output import print_json
from station.domain.accounts import AccountRefused, ApiToken, Role
from station.hub.passwords import Passwords

NAME = "token"
HELP = "API tokens: make one, list, revoke"
LONGEST = 3650


def configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="what", required=True, metavar="new|list|revoke")
    new = actions.add_parser("new", help="make a token; it is printed once and kept as a digest")
    new.add_argument("label", help="what it is for, such as grafana")
    new.add_argument("--role", choices=list(Role), default=Role.VIEWER, type=Role, help="default: viewer")
    new.add_argument("--level", metavar="PATH", help="names joined by /; default: the whole district")
    new.add_argument("--days", type=int, default=90, help="how long it is good for; default: 90")
    configure_hub(new)
    configure_hub(actions.add_parser("list", help="every token, one JSON object a line, without the token itself"))
    revoke = actions.add_parser("revoke", help="a token is good no longer")
    revoke.add_argument("id", help="as station hub token list says it")
    configure_hub(revoke)


def execute(args: Namespace) -> int:
    with database_of(args.config) as (config, database):
        tokens = DistrictDesk(database, config.web, Passwords(), utc_now).tokens
        match args.what:
            case "new":
                if not 1 <= args.days <= LONGEST:
                    raise CommandError(f"--days {args.days}: give 1 to {LONGEST}")
                level = level_of(args.level, config.hub.district)
                print(tokens.make(args.label, args.role, level, args.days, COMMAND_LINE))
            case "list":
                for token in tokens.beneath((config.hub.district,)):
                    _print(token)
            case _:
                try:
                    tokens.revoke(args.id, COMMAND_LINE)
                except AccountRefused:
                    raise CommandError(f"{args.id}: there is no such token; see station hub token list") from None
    return DONE


def _print(token: ApiToken) -> None:
    bound = {"role": token.role, "level": "/".join(token.level)}
    life = {"made_by": token.made_by, "expires": token.expires.isoformat(), "revoked": token.revoked}
    print_json({"id": token.id, "label": token.label, **bound, **life})
