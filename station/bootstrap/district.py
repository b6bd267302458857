"""Who may open the district's pages: accounts, sessions, API tokens and the audit trail, wired together."""

from collections.abc import Callable
from datetime import datetime, timedelta

from station.config import WebSection
from station.domain.retention import never
from station.hub.accounts import Accounts
from station.hub.api_tokens import ApiTokens
from station.hub.audit_trail import AuditTrail
from station.hub.database import Database
from station.hub.passwords import Passwords
from station.hub.sessions import Sessions
from station.hub.web_secret import web_secret


class DistrictDesk:
    def __init__(
        self,
        database: Database,
        web: WebSection,
        passwords: Passwords,
        now: Callable[[], datetime],
        until: Callable[[], datetime | None] = never,
    ) -> None:
        """:param until: the retention clock, for entries of the audit trail that are too old to be kept."""
        self.trail = AuditTrail(database, now, web.audit_days, until)
        self.accounts = Accounts(database, passwords, self.trail, now)
        self.tokens = ApiTokens(database, self.trail, now)
        idle, longest = timedelta(minutes=web.idle_minutes), timedelta(hours=web.session_hours)
        self.sessions = Sessions(database, passwords, self.trail, now, idle, longest)
        self.secret = web_secret(database)
