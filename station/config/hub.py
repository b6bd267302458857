"""hub.toml."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from station.config.values import Address, Identifier, IpAddress, OptionalAddress, Strict, Timezone


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSection:
    __pydantic_config__ = Strict
    district: Identifier
    data_dir: str = "/var/lib/checkpoint-hub"
    timezone: Timezone = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSection:
    """``username`` with the password in ``password_file``, or ``cert`` with ``key``: as the broker asks."""

    __pydantic_config__ = Strict
    url: Annotated[str, Field(pattern=r"^mqtts?://[^/]+$")] = "mqtt://127.0.0.1:1883"
    username: str = ""
    password_file: str = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSection:
    __pydantic_config__ = Strict
    url: Literal["sqlite"] = "sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSection:
    __pydantic_config__ = Strict
    listen: Address = "127.0.0.1:8090"
    anonymous_read: bool = False
    language: Literal["zh", "en"] = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSection:
    """``key`` signs what this hub issues; ``passphrase_file`` opens it where it is encrypted. ``list_key`` keys the
    digests of watchlists and residents."""

    __pydantic_config__ = Strict
    key: str = ""
    passphrase_file: str = ""
    list_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverSection:
    """Without ``listen`` there is no drivers' page. ``url`` is what the boards' codes begin with. ``per_address``,
    ``per_board`` and ``in_all`` are declarations a minute; ``proxies`` are those whose X-Forwarded-For is believed."""

    __pydantic_config__ = Strict
    listen: OptionalAddress = ""
    url: Annotated[str, Field(pattern=r"^(https?://[^/?#]+/)?$")] = ""
    cert: str = ""
    key: str = ""
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
