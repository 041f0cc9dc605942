"""Many connections that do little: what each costs in memory."""

from __future__ import annotations

import contextlib
import resource
import socket
import struct
import time
from contextlib import ExitStack
from dataclasses import dataclass

from tools.benchmarks.processes import resident_kib

API_VERSIONS, METADATA = 18, 3
SETTLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory, KiB."""

    idle: float
    each: float  # for one connection


def memory_of_connections(address: str, pid: int, count: int, topic: str) -> Memory:
    """Open ``count`` connections, let each ask for versions and metadata, and see what the process grew by."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host, _, port = address.rpartition(":")
    idle = resident_kib(pid)
    with ExitStack() as stack:
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
            _ask(connection, API_VERSIONS, 0, b"")
            _ask(connection, METADATA, 8, struct.pack(">ih", 1, len(topic)) + topic.encode() + bytes(3))
        time.sleep(SETTLE_SECONDS)
        connected = resident_kib(pid)
    return Memory(idle, (connected - idle) / count)


def _ask(connection: socket.socket, api: int, version: int, body: bytes) -> None:
    """Send one request (client id "bench") and read its whole answer."""
    frame = struct.pack(">hhih5s", api, version, 1, 5, b"bench") + body
    connection.sendall(struct.pack(">i", len(frame)) + frame)
    (length,) = struct.unpack(">i", _read(connection, 4))
    _read(connection, length)


def _read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("closed before the answer was whole")
        data += part
    return data
