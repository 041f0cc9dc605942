"""One small document from an https URL of the configuration: no redirects, no more bytes and seconds than allowed.

It blocks, and is run in a thread: a signing key is asked for every few minutes.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from zoneproxy.errors import ProtocolError

_PIECE = 16 * 1024


def fetch(
    url: str,
    context: ssl.SSLContext,
    max_bytes: int,
    seconds: float,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """The body of a 200 answer; to a POST, if there is a ``body`` to send.

    Raises:
        OSError: there is no connection, or not in time.
        ProtocolError: there is no such document (``not_found``), the answer is another one (``status``), too large
            (``size``), or no HTTP (``http``).
    """
    where = urlsplit(url)
    until = time.monotonic() + seconds
    connection = http.client.HTTPSConnection(where.hostname or "", where.port, timeout=seconds, context=context)
    try:
        path = where._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request("GET" if body is None else "POST", path, body, headers or {})
        response = connection.getresponse()
        if response.status == http.HTTPStatus.NOT_FOUND:
            raise ProtocolError("not_found")
        if response.status != http.HTTPStatus.OK:
            raise ProtocolError("status")
        return _body(response, max_bytes, until)
    except http.client.HTTPException:
        raise ProtocolError("http") from None
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, max_bytes: int, until: float) -> bytes:
    body = bytearray()
    while piece := response.read1(_PIECE):
        body += piece
        if len(body) > max_bytes:
            raise ProtocolError("size")
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)
