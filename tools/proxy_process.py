"""Runs zoneproxy as its operator would, as a process of its own, for the demo and the benchmarks."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

READY_SECONDS = 60.0


class ProxyProcess:
    """``zoneproxy run -c CONFIG``, ready when the constructor returns. Its log goes to ``log``."""

    def __init__(self, config: Path, admin: str, log: Path) -> None:
        self.admin = admin
        self._log = log
        started = time.monotonic()
        with log.open("wb") as out:
            command = [sys.executable, "-m", "zoneproxy", "run", "-c", str(config)]
            # In a group of its own: Ctrl-C is for us, and we end it in good order.
            self._process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, process_group=0)
        try:
            self._wait_ready(started + READY_SECONDS)
        except BaseException:
            self.stop()
            raise
        self.ready_after = time.monotonic() - started

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def get(self, path: str) -> str:
        """What the admin endpoint answers, whatever the status."""
        try:
            with urllib.request.urlopen(f"http://{self.admin}{path}", timeout=5) as reply:
                return str(reply.read().decode())
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def metric_lines(self, *prefixes: str) -> list[str]:
        """Lines of /metrics that begin with one of the prefixes and are not zero."""
        lines = self.get("/metrics").splitlines()
        return [line for line in lines if line.startswith(prefixes) and not line.endswith(" 0.0")]

    def wait(self) -> int:
        """Wait until it has ended; its exit code."""
        return self._process.wait()

    def stop(self) -> int:
        """Ask it to drain and end (SIGTERM), insist after 20 seconds; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()

    def last_log_lines(self, count: int = 20) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-count:])

    def _wait_ready(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(
                    f"zoneproxy ended with exit code {self._process.returncode}:\n{self.last_log_lines()}"
                )
            # A port that nobody listens on yet may by chance be connected to itself, and answer with our question.
            with contextlib.suppress(OSError, http.client.HTTPException):
                if '"ready":true' in self.get("/readyz"):
                    return
            time.sleep(0.02)
        raise RuntimeError(f"zoneproxy is not ready after {READY_SECONDS:.0f} s:\n{self.last_log_lines()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def free_ports(count: int, host: str = "127.0.0.1") -> int:
    """The first of ``count`` ports in a row that are free now."""
    for _ in range(100):
        with socket.create_server((host, 0)) as probe:
            first = probe.getsockname()[1]
        if first + count < 65536 and all(is_free(port, host) for port in range(first, first + count)):
            return int(first)
    raise RuntimeError(f"no {count} free ports in a row on {host}")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False
