"""Who may open the district's pages: accounts, sessions, API tokens and the audit trail, wired together."""

from collections.abc import Callable
from datetime import datetime, timedelta

from station.config import WebSection
from station.hub.accounts import Accounts
from station.hub.api_tokens import ApiTokens
from station.hub.audit_trail import AuditTrail
from station.hub.database import Database
from station.hub.passwords import Passwords
from station.hub.sessions import Sessions
from station.hub.web_secret import web_secret


class DistrictDesk:
    def __init__(self, database: Database, web: WebSection, passwords: Passwords, now: Callable[[], datetime]) -> None:
        self.trail = AuditTrail(database, now, web.audit_days)
        self.accounts = Accounts(database, passwords, self.trail, now)
        self.tokens = ApiTokens(database, self.trail, now)
        idle, longest = timedelta(minutes=web.idle_minutes), timedelta(hours=web.session_hours)
        self.sessions = Sessions(database, passwords, self.trail, now, idle, longest)
        self.secret = web_secret(database)
