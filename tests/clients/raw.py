"""A client that sends one message at a time and hides nothing of the reply."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING, Self

from zoneproxy.wire.codec import RequestHeader, decode_response, encode_request
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest

if TYPE_CHECKING:
    import ssl

    from tests.clients.reach import Reach
    from zoneproxy.wire.messages.message import Message

CLIENT_ID = "raw"


class RawClient:
    """A connection to one server; ``versions`` are the ranges it offers, by API key; ``last`` is its last frame."""

    def __init__(
        self,
        reach: Reach,
        address: str | None = None,
        *,
        connect_to: str | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        host, port = (address or reach.bootstrap.split(",")[0]).rsplit(":", 1)
        plain = socket.create_connection((connect_to or host, int(port)), timeout=30)
        try:
            self._socket = (context or reach.context()).wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
        self._closing = contextlib.ExitStack()
        self._closing.push(self._socket)
        self._file = self._closing.enter_context(self._socket.makefile("rb"))
        self._sent = 0
        self.last = b""
        try:
            offered = self.ask(ApiVersionsRequest(client_software_name="raw", client_software_version="1"), 4)
        except BaseException:
            self._closing.close()
            raise
        self.versions = {api.api_key: (api.min_version, api.max_version) for api in offered.api_keys}

    def ask(self, request: Message, version: int) -> Message:
        """Send a request and wait for its reply."""
        reply = self.exchange(self.frame(request, version))
        return decode_response(reply, request.API_KEY, version).message

    def frame(self, request: Message, version: int) -> bytes:
        """The request as it goes over the wire, with the next correlation id."""
        self._sent += 1
        return encode_request(RequestHeader(request.API_KEY, version, self._sent, CLIENT_ID), request)

    def exchange(self, frame: bytes) -> bytes:
        """Send a frame and wait for the next one that comes back. Raises EOFError if the server closes."""
        self.send(frame)
        return self.receive()

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def receive(self) -> bytes:
        """The next frame, with its length. Raises EOFError if the server closes."""
        length = self._file.read(4)
        frame = length + self._file.read(int.from_bytes(length, "big")) if len(length) == 4 else b""
        if len(frame) < 4 or len(frame) != 4 + int.from_bytes(frame[:4], "big"):
            raise EOFError
        self.last = frame
        return frame

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()
