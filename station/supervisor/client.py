"""The view's end of the socket: a connection for each request, each with a deadline."""

import socket
from pathlib import Path

from station.domain.supervision import SignInRefused, StationUnavailable, Supervisor
from station.supervisor import protocol
from station.supervisor.protocol import MAX_REPLY_BYTES, ProtocolError, R, decode_reply, encode

READ_TIMEOUT_S = 5.0
"""Below the heartbeat of the worker that reads. Other requests, each with its pause, may come first."""
SIGN_TIMEOUT_S = 10.0
"""A PIN is hashed, and a row is on the disk before the answer."""


class StationClient:
    """From any thread. Every method raises ``StationUnavailable`` where the station does not answer in time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def live(self) -> protocol.Live:
        return self._ask(protocol.ReadLive(), protocol.Live)

    def duty(self) -> protocol.Duty:
        return self._ask(protocol.ReadDuty(), protocol.Duty)

    def incidents(self) -> protocol.Incidents:
        return self._ask(protocol.ReadIncidents(), protocol.Incidents)

    def hours(self) -> protocol.Hours:
        return self._ask(protocol.ReadHours(), protocol.Hours)

    def condition(self) -> protocol.Condition:
        return self._ask(protocol.ReadCondition(), protocol.Condition)

    def sign_in(self, number: str, pin: str, address: str) -> Supervisor:
        """:raises SignInRefused: nobody was signed in."""
        request = protocol.SignIn(number=number, pin=pin, address=address)
        return self._ask(request, protocol.SignedIn, SIGN_TIMEOUT_S).supervisor

    def sign_out(self, fingerprint: str) -> None:
        """:raises SignInRefused: it could not be written down."""
        self._ask(protocol.SignOut(fingerprint), protocol.SignedOut, SIGN_TIMEOUT_S)

    def _ask(self, request: protocol.Request, expected: type[R], timeout_s: float = READ_TIMEOUT_S) -> R:
        try:
            reply = decode_reply(self._exchange(encode(request), timeout_s))
        except OSError as error:
            raise StationUnavailable(f"{self._path}: {error}") from None
        except ProtocolError as error:
            raise StationUnavailable(f"{self._path}: the station speaks otherwise: {error}") from None
        match reply:
            case expected():
                return reply
            case protocol.Refused(why):
                raise SignInRefused(why)
            case protocol.Failed(why):
                raise StationUnavailable(why)
            case _:
                raise StationUnavailable(f"{self._path}: the station speaks otherwise: {type(reply).__name__}")

    def _exchange(self, packet: bytes, timeout_s: float) -> bytes:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.settimeout(timeout_s)
            connection.connect(str(self._path))
            connection.send(packet)
            return connection.recv(MAX_REPLY_BYTES + 1)
