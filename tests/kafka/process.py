"""Programs that run beside the tests: started, listened to, ended."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def _tied_to_us() -> list[str]:
    """A prefix that ends the program when the test run dies, so that even a killed run leaves nothing behind.

    The kernel ties the program to the thread that starts it: start programs from the main thread.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


class Background:
    """A program whose output goes to the file ``log``, and which is ready once a line holds ``ready``."""

    def __init__(
        self, command: Sequence[str], log: Path, ready: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        self._ready = ready
        self._ready_seen = False
        self._settled = threading.Event()  # ready, or at its end
        self._process = subprocess.Popen(
            [*_tied_to_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as lines, self.log.open("ab") as log:
            for line in lines:
                log.write(line)
                log.flush()
                if self._ready.encode() in line:
                    self._ready_seen = True
                    self._settled.set()
        self._settled.set()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait_ready(self, seconds: float = 60) -> None:
        """Wait for the line that says it is ready. Raises AssertionError with the end of its log otherwise."""
        self._settled.wait(seconds)
        assert self._ready_seen, f"{self._process.args!r} did not get ready; the end of its log:\n{self.tail()}"

    def tail(self, lines: int = 40) -> str:
        """The last lines of its output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self, seconds: float = 30) -> int:
        """End it in good order (SIGTERM); the exit code, negative if a signal ended it."""
        self._process.send_signal(signal.SIGTERM)
        return self._wait(seconds)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._process.kill()
        self._wait(10)

    def _wait(self, seconds: float) -> int:
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        self._reader.join()
        return code
