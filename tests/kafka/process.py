"""Programs that run beside the tests: started, listened to, ended."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


def _tied_to_us() -> list[str]:
    """A prefix that ends the program when the test run dies, so that even a killed run leaves nothing behind.

    The kernel ties the program to the thread that starts it: start programs from the main thread.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


class Background:
    """A running program; what it says is kept, and written to the file ``log``. A line with ``ready`` says it is."""

    def __init__(
        self, command: Sequence[str], log: Path, ready: str = "", environment: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        self._ready = ready
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [*_tied_to_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        with self._process.stdout as output, self.log.open("a") as log:
            for line in output:
                log.write(line)
                log.flush()
                with self._news:
                    self._lines.append(line)
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def lines(self) -> list[str]:
        """What it has said until now."""
        with self._news:
            return list(self._lines)

    def wait(self, wanted: Callable[[list[str]], bool], seconds: float = 100) -> None:
        """Wait until ``wanted`` holds for the lines it has said. Raises AssertionError if it ends or takes too long."""
        with self._news:
            self._news.wait_for(lambda: self._ended or wanted(self._lines), seconds)
            said = wanted(self._lines)
        assert said, f"{self._process.args!r} did not say what was waited for; its last lines:\n{self.tail()}"

    def wait_ready(self, seconds: float = 100) -> None:
        """Wait for the line that says it is ready."""
        self.wait(lambda lines: any(self._ready in line for line in lines), seconds)

    def tail(self, lines: int = 40) -> str:
        """Its last lines."""
        return "".join(self.lines()[-lines:])

    def stop(self, seconds: float = 30) -> int:
        """End it in good order (SIGTERM); the exit code, negative if a signal ended it."""
        self._process.send_signal(signal.SIGTERM)
        return self._wait_end(seconds)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self._process.kill()
        self._wait_end(10)

    def _wait_end(self, seconds: float) -> int:
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        self._reader.join()
        return code
