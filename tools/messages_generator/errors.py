"""``error_codes.py``: Kafka's error codes, and the text that a broker sends with each when it has nothing better."""

from __future__ import annotations

import subprocess
import textwrap
from pathlib import Path

from tools.messages_generator.modules import head

_PROGRAM = Path(__file__).parent / "ErrorCodes.java"


def print_errors(jars: Path) -> str:
    """Lines of code, name and text, separated by tabs, as Kafka's own class has them."""
    command = ["java", "-cp", str(jars / "*"), str(_PROGRAM)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def error_codes_source(table: str, kafka: str) -> str:
    """The module, not formatted yet, from what ``print_errors`` gave."""
    rows = sorted((int(code), name, text) for code, name, text in (line.split("\t") for line in table.splitlines()))
    body = ["", "class ErrorCode(IntEnum):", '    """Kafka\'s error codes, under Kafka\'s names."""', ""]
    body += [f"    {name} = {code}" for code, name, _ in rows]
    body += ["", "", "DEFAULT_MESSAGES: Final[dict[int, str]] = {"]
    body += [f"    {code}: {_literal(text)}," for code, _, text in rows]
    lines = ["from enum import IntEnum", "from typing import Final"]
    summary = "Kafka's error codes, and its default text for each."
    return head(summary, kafka, lines) + "\n".join([*body, "}", ""])


def _literal(text: str) -> str:
    """A string literal in pieces that fit a line."""
    pieces = textwrap.wrap(text, 100, drop_whitespace=False)
    quoted = [_quoted(piece) for piece in pieces] or ['""']
    return quoted[0] if len(quoted) == 1 else "(" + "\n".join(quoted) + ")"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
