"""What a value in a configuration file may look like."""

import re
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, ConfigDict, Field


def _timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no time zone is called {name!r}; use a name like Asia/Shanghai")
    return name


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("give an address as host:port, such as 127.0.0.1:8080")
    return text


def _address_or_nothing(text: str) -> str:
    return _address(text) if text else ""


def _ip_address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError("give an IP address, such as 127.0.0.1") from None


def _host_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]+:[0-9a-fA-F:]*", text):
        raise ValueError("give a name or an IP address without a port, such as hub.example.cn")
    return text.lower()


def _store_url(text: str) -> str:
    if text == "sqlite":
        return text
    parts = urlsplit(text)
    if parts.scheme != "postgresql" or not parts.path.strip("/"):
        raise ValueError("give 'sqlite' or postgresql://USER@HOST/DATABASE")
    return text


Strict = ConfigDict(extra="forbid", strict=True)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Timezone = Annotated[str, AfterValidator(_timezone)]
Address = Annotated[str, AfterValidator(_address)]
OptionalAddress = Annotated[str, AfterValidator(_address_or_nothing)]
HostName = Annotated[str, AfterValidator(_host_name)]
HstsDays = Annotated[int, Field(ge=0, le=730)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
Size = tuple[Annotated[int, Field(ge=16, le=10000)], Annotated[int, Field(ge=16, le=10000)]]
StoreUrl = Annotated[str, AfterValidator(_store_url)]
Rate = Annotated[float, Field(gt=0, le=240)]
Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO pin of the Raspberry Pi by its BCM number."""
Share = Annotated[float, Field(ge=0, le=1)]
ExposureBy = Literal["auto", "bracket"]
OriginClass = Literal["risk_area", "risk_province", "other_province", "this_province", "unknown"]
HealthKind = Literal["vaccination", "test", "recovery"]
Must = Literal["identity", "itinerary", "test", "temperature", "disinfection"]
