"""What a value in a configuration file may look like."""

from ipaddress import ip_address
from typing import Annotated, Literal
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


Strict = ConfigDict(extra="forbid", strict=True)
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Timezone = Annotated[str, AfterValidator(_timezone)]
Address = Annotated[str, AfterValidator(_address)]
OptionalAddress = Annotated[str, AfterValidator(_address_or_nothing)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
Size = tuple[Annotated[int, Field(ge=16, le=10000)], Annotated[int, Field(ge=16, le=10000)]]
Rate = Annotated[float, Field(gt=0, le=240)]
Pin = Annotated[int, Field(ge=0, le=27)]
"""A GPIO pin of the Raspberry Pi by its BCM number."""
Share = Annotated[float, Field(ge=0, le=1)]
ExposureBy = Literal["auto", "bracket"]
HealthKind = Literal["vaccination", "test", "recovery"]
Must = Literal["identity", "itinerary", "test", "temperature", "disinfection"]
