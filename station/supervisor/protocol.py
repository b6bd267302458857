"""What the supervisors' view asks of the station: one packet of JSON there, one packet back, over a Unix socket of kind
SOCK_SEQPACKET. Every request and every reply has a type; what is none is refused."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from station.domain.condition import PartView
from station.domain.incidents import IncidentView
from station.domain.roster import TeamView
from station.domain.rounds import HourCounts
from station.domain.shifts import OnDuty
from station.domain.supervision import HandOverView, SignInRefusal, Supervisor

MAX_REQUEST_BYTES = 1024
MAX_REPLY_BYTES = 192 * 1024

_Number = Annotated[str, Meta(max_length=20)]
_Pin = Annotated[str, Meta(max_length=9)]
_Address = Annotated[str, Meta(max_length=64)]
_Fingerprint = Annotated[str, Meta(max_length=64)]


class ReadLive(Struct, tag="live", frozen=True):
    """The live views, and who may be signed in."""


class ReadDuty(Struct, tag="duty", frozen=True):
    """Who is on duty, and the day's hand-overs."""


class ReadIncidents(Struct, tag="incidents", frozen=True):
    """The open incidents."""


class ReadHours(Struct, tag="hours", frozen=True):
    """The day's passages by hour and lane."""


class ReadCondition(Struct, tag="condition", frozen=True):
    """What ``station doctor`` finds of a machine whose station runs."""


class SignIn(Struct, tag="sign_in", frozen=True):
    number: _Number
    pin: _Pin
    address: _Address


class SignOut(Struct, tag="sign_out", frozen=True):
    fingerprint: _Fingerprint


Request = ReadLive | ReadDuty | ReadIncidents | ReadHours | ReadCondition | SignIn | SignOut


class Live(Struct, tag="live", frozen=True):
    """``topics`` are those of ``station.feed.Feed``, as ``masking`` leaves them. ``supervisors`` are fingerprints of
    all entries of the roster that may be signed in with."""

    topics: dict[str, dict[str, Any]]
    supervisors: tuple[str, ...]


class Duty(Struct, tag="duty", frozen=True):
    on_duty: tuple[OnDuty, ...]
    teams: tuple[TeamView, ...]
    hand_overs: tuple[HandOverView, ...]


class Incidents(Struct, tag="incidents", frozen=True):
    listed: tuple[IncidentView, ...]


class Hours(Struct, tag="hours", frozen=True):
    counts: tuple[HourCounts, ...]


class Condition(Struct, tag="condition", frozen=True):
    parts: tuple[PartView, ...]


class SignedIn(Struct, tag="signed_in", frozen=True):
    supervisor: Supervisor


class SignedOut(Struct, tag="signed_out", frozen=True):
    pass


class Refused(Struct, tag="refused", frozen=True):
    why: SignInRefusal


class Failed(Struct, tag="failed", frozen=True):
    """The request was none, or the station's log says what went wrong."""

    why: str


Reply = Live | Duty | Incidents | Hours | Condition | SignedIn | SignedOut | Refused | Failed
R = TypeVar("R", Live, Duty, Incidents, Hours, Condition, SignedIn, SignedOut)

_requests: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_replies: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


class ProtocolError(ValueError):
    """A packet that is no request, or no reply, of these."""


def decode_request(packet: bytes) -> Request:
    """:raises ProtocolError: it is too long, or none."""
    if len(packet) > MAX_REQUEST_BYTES:
        raise ProtocolError("the request is too long")
    return _decode(_requests, packet)


def decode_reply(packet: bytes) -> Reply:
    """:raises ProtocolError: it is too long, or none."""
    if len(packet) > MAX_REPLY_BYTES:
        raise ProtocolError("the reply is too long")
    return _decode(_replies, packet)


def encode(message: Request | Reply) -> bytes:
    return msgspec.json.encode(message)


T = TypeVar("T")


def _decode(decoder: "msgspec.json.Decoder[T]", packet: bytes) -> T:
    try:
        return decoder.decode(packet)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ProtocolError(str(error)) from None
