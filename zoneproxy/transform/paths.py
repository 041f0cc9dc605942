"""Paths to values, as field rules have them: ``$.card.number``, ``$.items[*].email``, ``$['odd name'][0]``, ``$..cvv``.

Names are matched as they are decoded, byte by byte: an escaped name is the same name, another case is another one.
``.*`` and ``[*]`` are both every child, of objects and of lists; ``..`` is any depth, none included (RFC 9535).
"""

from __future__ import annotations

import re
from typing import Final

EVERY: Final = -1  # .* and [*]
DEEP: Final = -2  # .. before a step: that step, here or anywhere below

Step = bytes | int
"""A name in UTF-8, an index, EVERY or DEEP."""

Path = tuple[Step, ...]

_STEP = re.compile(
    r"(?P<deep>\.\.(?=\[)|\.(?=\.))?"
    r"(?:\.(?P<name>[^\s.\[\]'\"*]+)|\['(?P<single>(?:[^'\\]|\\.)+)'\]|\[\"(?P<double>(?:[^\"\\]|\\.)+)\"\]"
    r"|(?P<every>\.\*|\[\*\])|\[(?P<index>[0-9]{1,9})\])"
)


def parse_path(path: str) -> Path:
    """The steps of ``path``. Raises ValueError: it is not understood from some character on."""
    if not path.startswith("$"):
        raise ValueError(path)
    steps: list[Step] = []
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(path)
        if match["deep"]:
            steps.append(DEEP)
        steps.append(_step(match))
        position = match.end()
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["every"]:
        return EVERY
    if match["index"]:
        return int(match["index"])
    quoted = match["single"] or match["double"]
    return (re.sub(r"\\(.)", r"\1", quoted) if quoted else match["name"]).encode()
