"""Kafka's Java clients, as programs of their own."""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.kafka import java
from tests.kafka.process import Background

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE = java.HERE.parent / "clients"


def run(main_class: str, *arguments: str, given: str = "", seconds: float = 90, options: tuple[str, ...] = ()) -> str:
    """Run a class from the jars, or one of tests/clients/*.java, to its end and return its standard output."""
    more = () if "." in main_class else (compiled(),)
    command = java.command(main_class, *arguments, log_level="warn", options=options, more=more)
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode == 0, (
        f"{main_class} ended with {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    )
    return done.stdout


@cache
def compiled() -> Path:
    """The folder with the classes of tests/clients/*.java."""
    folder = java.WORK / "classes"
    folder.mkdir(parents=True, exist_ok=True)
    sources = sorted(map(str, HERE.glob("*.java")))
    subprocess.run([java.compiler(), "-cp", java.classpath(), "-d", str(folder), *sources], check=True)
    return folder


class Events:
    """A running Java tool that tells what happens to it in lines of JSON, as Kafka's verifiable clients do."""

    def __init__(self, log: Path, main_class: str, *arguments: str) -> None:
        command = java.command(main_class, *arguments, log_level="warn")
        self._process = Background(command, log)

    def seen(self) -> list[dict[str, Any]]:
        """All events until now."""
        return [event for line in self._process.lines() if (event := _event(line))]

    def wait(self, wanted: Callable[[list[dict[str, Any]]], bool], seconds: float = 60) -> None:
        """Wait until ``wanted`` holds for all events until now. Raises AssertionError with its output otherwise."""
        self._process.wait(lambda lines: wanted([event for line in lines if (event := _event(line))]), seconds)

    def stop(self) -> None:
        """End it in good order."""
        if self._process.running:
            self._process.stop()


def _event(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    event: dict[str, Any] = json.loads(line)
    return event
