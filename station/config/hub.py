"""hub.toml."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from station.config.values import (
    Address,
    HostName,
    HstsDays,
    Identifier,
    IpAddress,
    OptionalAddress,
    StoreUrl,
    Strict,
    Timezone,
)

Days = Annotated[int, Field(ge=0, le=36_500)]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSection:
    """``clock``: whether the machine's time is believed, which deleting by age needs: as the kernel says, or always,
    for a machine without time servers whose own clock is looked after."""

    __pydantic_config__ = Strict
    district: Identifier
    data_dir: str = "/var/lib/checkpoint-hub"
    timezone: Timezone = "Asia/Shanghai"
    clock: Literal["kernel", "always"] = "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSection:
    """``client_id`` tells the hubs of a district apart; one that is alone needs none. ``username`` with the password
    in ``password_file``, or ``cert`` with ``key``: as the broker asks."""

    __pydantic_config__ = Strict
    url: Annotated[str, Field(pattern=r"^mqtts?://[^/]+$")] = "mqtt://127.0.0.1:1883"
    client_id: Identifier | Literal[""] = ""
    username: str = ""
    password_file: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSection:
    """``password_file`` is for PostgreSQL: the password never stands in ``url``. ``keep_months`` is for counts by the
    minute; an order is kept so many days after it expired, an incident after it was closed, an inspection after all of
    it was. 0 keeps for good."""

    __pydantic_config__ = Strict
    url: StoreUrl = "sqlite"
    password_file: str = ""
    keep_months: Annotated[int, Field(ge=0, le=1200)] = 36
    order_days: Days = 400
    incident_days: Days = 400
    inspection_days: Days = 1100


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSection:
    """``hosts`` are the names that browsers call the hub by; loopback's, the address of ``listen`` and those of the
    certificate need no mention; behind a proxy none given is any. ``hsts_days`` is for how long browsers that come
    by TLS are told to come by it alone, 0 tells them nothing. ``proxies`` are those that bring TLS and whose
    X-Forwarded-For is believed. A session ends after ``idle_minutes`` without a request and after ``session_hours``
    anyhow; the audit trail is kept ``audit_days``."""

    __pydantic_config__ = Strict
    listen: Address = "127.0.0.1:8090"
    hosts: tuple[HostName, ...] = ()
    cert: str = ""
    key: str = ""
    proxies: tuple[IpAddress, ...] = ()
    anonymous_read: bool = False
    hsts_days: HstsDays = 180
    language: Literal["zh", "en"] = "zh"
    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    audit_days: Annotated[int, Field(ge=1, le=3660)] = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSection:
    """``key`` signs what this hub issues; ``passphrase_file`` opens it where it is encrypted. ``list_key`` keys the
    digests of watchlists and residents. ``order_key`` signs the orders that are written on the district's pages.
    ``root_key`` divides the roles: it signs trust lists, ``list_signing_key`` the other lists, and ``key`` passes."""

    __pydantic_config__ = Strict
    key: str = ""
    passphrase_file: str = ""
    list_key: str = ""
    order_key: str = ""
    root_key: str = ""
    list_signing_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySection:
    """For ``station hub enrol`` alone. ``folder`` is the authority's, ``passphrase_file`` opens its key where it is
    encrypted. ``url`` is the broker as stations reach it, ``trust_dir`` the public keys that they are to believe."""

    __pydantic_config__ = Strict
    folder: str = ""
    passphrase_file: str = ""
    url: Annotated[str, Field(pattern=r"^(mqtts://[^/]+)?$")] = ""
    trust_dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAssistantSection:
    """Without ``prefix`` nothing is told to Home Assistant; with it the stations named, and those beneath ``levels``
    (paths from the district down)."""

    __pydantic_config__ = Strict
    prefix: Annotated[str, Field(pattern=r"^([^/+#$\s][^+#\s]*)?$")] = ""
    levels: tuple[str, ...] = ()
    stations: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSection:
    """Without ``listen`` there is no drivers' page. ``url`` is what the boards' codes begin with. ``per_address``,
    ``per_board`` and ``in_all`` are declarations a minute; ``proxies`` are those whose X-Forwarded-For is believed.
    ``hosts`` are names of the page beside that in ``url`` and those of the certificate; ``hsts_days`` as for the pages
    of the district."""

    __pydantic_config__ = Strict
    listen: OptionalAddress = ""
    url: Annotated[str, Field(pattern=r"^(https?://[^/?#]+/)?$")] = ""
    cert: str = ""
    key: str = ""
    hosts: tuple[HostName, ...] = ()
    hsts_days: HstsDays = 180
    language: Literal["zh", "en"] = "zh"
    hours: Annotated[float, Field(gt=0, le=72)] = 12.0
    per_address: Annotated[int, Field(ge=1, le=100_000)] = 60
    per_board: Annotated[int, Field(ge=1, le=100_000)] = 120
    in_all: Annotated[int, Field(ge=1, le=100_000)] = 600
    proxies: tuple[IpAddress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HubConfig:
    __pydantic_config__ = Strict
    hub: HubSection
    broker: BrokerSection = field(default_factory=BrokerSection)
    store: StoreSection = field(default_factory=StoreSection)
    web: WebSection = field(default_factory=WebSection)
    signing: SigningSection = field(default_factory=SigningSection)
    driver: DriverSection = field(default_factory=DriverSection)
    authority: AuthoritySection = field(default_factory=AuthoritySection)
    home_assistant: HomeAssistantSection = field(default_factory=HomeAssistantSection)
