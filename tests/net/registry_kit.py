"""A schema registry for tests, over real https."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.net.https import Https, body, https
from zoneproxy.config.schemas import RegistryConfig


class FakeRegistry:
    """``documents`` by path; others are not found. ``authorized`` are the headers that came."""

    def __init__(self, server: Https) -> None:
        self.server = server
        self.documents: dict[str, Any] = {}
        self.authorized: list[str | None] = []
        self.status = 200

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.authorized.append(handler.headers.get("Authorization"))
        document = self.documents.get(handler.path)
        if self.status != 200:
            body(b"{}", self.status)(handler)
        elif document is None:
            body(b'{"error_code": 40403, "message": "Schema not found"}', 404)(handler)
        else:
            body(document if isinstance(document, bytes) else json.dumps(document).encode())(handler)

    def config(self, more: Mapping[str, Any] | None = None) -> RegistryConfig:
        url = f"https://localhost:{self.server.server_port}/"
        return RegistryConfig.model_validate({"url": url, "ca": self.server.ca} | dict(more or {}))


@contextmanager
def fake_registry(folder: Path) -> Iterator[FakeRegistry]:
    with https(folder, body(b"")) as server:
        registry = FakeRegistry(server)
        server.answer = registry.answer
        yield registry
