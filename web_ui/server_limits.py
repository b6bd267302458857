"""What one client, and all clients together, may take of an HTTP server."""

from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerLimits:
    """Sizes are bytes, times seconds.

    ``header_bytes`` counts the request line and all header fields. ``header_timeout_s`` is the time from the accepted
    connection, or from the first byte of a further request, until the header is complete; ``body_timeout_s`` the time
    from there until the body is. A client that takes fewer than ``MIN_WRITE_BYTES`` of an answer that waits for it in
    ``write_timeout_s`` is cut off. ``connections_per_network`` counts an IPv4 address or an IPv6 /64; proxies that are
    believed are held to ``connections`` alone. ``waiting_requests`` wait for a thread; one more gets a 503.
    ``stream_threads`` are for event streams alone: one for each that may be open, or few where they pause
    (``web_ui.streams``).
    """

    request_line_bytes: int = 60_000  # a page of the district names up to 200 nodes that it watches
    header_bytes: int = 72_000
    body_bytes: int = 256 * 1024
    handshake_timeout_s: float = 10.0
    header_timeout_s: float = 10.0
    body_timeout_s: float = 20.0
    write_timeout_s: float = 20.0
    keep_alive_timeout_s: int = 15
    connections: int = 256
    connections_per_network: int = 64
    waiting_requests: int = 64
    stream_threads: int = 12


def short_limits(app: Flask, streams: int) -> ServerLimits:
    """For pages with short addresses.

    :param streams: how many may be open. Each has a thread, and some more there are for those that were evicted and are
        about to hear of it.
    """
    most: int = app.config["MAX_CONTENT_LENGTH"]
    return ServerLimits(
        request_line_bytes=8 * 1024, header_bytes=16 * 1024, body_bytes=most, stream_threads=streams + SPARE_STREAMS
    )


SPARE_STREAMS = 4
MIN_WRITE_BYTES = 8 * 1024
MAX_PIPELINED_REQUESTS = 8
"""Requests that a client may send ahead of their answers on one connection; a browser sends none."""
