"""An https server that says what a test wants."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.net.authority import Authority

Answer = Callable[[BaseHTTPRequestHandler], None]


def body(content: bytes, status: int = 200) -> Answer:
    """Answer with that."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


class Https(ThreadingHTTPServer):
    """``answer`` may be replaced; ``asked`` are the paths of requests."""

    daemon_threads = True

    def __init__(self, folder: Path, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        authority = Authority("https")
        self.ca = authority.save(folder, "https-ca")
        identity = authority.server("localhost").save(folder, "https")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.certificate_file, identity.key_file)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_port}/keys?x=1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or does not trust us, is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Https)
        self.server.asked.append(self.path)
        self.server.answer(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


@contextmanager
def https(folder: Path, answer: Answer) -> Iterator[Https]:
    """A server that runs."""
    server = Https(folder, answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
