from __future__ import annotations

import ssl
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.net.https import body, https
from zoneproxy.errors import ProtocolError
from zoneproxy.net.fetch import fetch


def trusting(ca: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca)


def test_a_document(tmp_path: Path) -> None:
    with https(tmp_path, body(b"keys")) as server:
        assert fetch(server.url, trusting(server.ca), 100, 5) == b"keys"
        assert server.asked == ["/keys?x=1"]


@pytest.mark.parametrize(("status", "reason"), [(500, "status"), (404, "not_found"), (302, "status"), (204, "status")])
def test_another_answer_is_none_and_redirects_are_not_followed(tmp_path: Path, status: int, reason: str) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with https(tmp_path, answer) as server:
        with pytest.raises(ProtocolError, match=reason):
            fetch(server.url, trusting(server.ca), 100, 5)
        assert len(server.asked) == 1


def test_a_large_document_is_not_read_to_its_end(tmp_path: Path) -> None:
    with https(tmp_path, body(b"x" * 10_000_000)) as server, pytest.raises(ProtocolError, match="size"):
        fetch(server.url, trusting(server.ca), 100_000, 5)


def test_what_is_no_http(tmp_path: Path) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0\r\n")
        handler.close_connection = True

    with https(tmp_path, answer) as server, pytest.raises(ProtocolError, match="http"):
        fetch(server.url, trusting(server.ca), 100, 5)


def test_a_document_that_dribbles(tmp_path: Path) -> None:
    over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.01):
            handler.wfile.write(b"x")
            handler.wfile.flush()

    with https(tmp_path, answer) as server:
        with pytest.raises(TimeoutError):
            fetch(server.url, trusting(server.ca), 1_000_000, 0.2)
        over.set()


def test_nobody_else_is_believed(tmp_path: Path) -> None:
    with https(tmp_path, body(b"keys")) as server:
        with pytest.raises(ssl.SSLCertVerificationError):
            fetch(server.url, ssl.create_default_context(), 100, 5)
        with pytest.raises(ssl.SSLCertVerificationError):
            fetch(server.url.replace("localhost", "127.0.0.1"), trusting(server.ca), 100, 5)
    with pytest.raises(OSError):
        fetch(server.url, trusting(server.ca), 100, 5)
