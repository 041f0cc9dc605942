"""The paths that field rules may have: ``$.card.number``, ``$.items[*].email``, ``$['odd name'][0]``, ``$..cvv``."""

from __future__ import annotations

import re

_STEP = re.compile(
    r"""
    (?:\.\.(?=\[)|\.(?=\.))?(?:                                        # .. before a step: here or anywhere below
      \.(?:[A-Za-z0-9_-]|[^\x00-\x7f\s])+                             # .name
    | \['(?:[^'\\\x00-\x1f]|\\['\\])+'\]                              # ['any name'], \' and \\ for those two
    | \["(?:[^"\\\x00-\x1f]|\\["\\])+"\]                              # ["any name"]
    | \.\* | \[\*\]                                                   # every member or element
    | \[(?:0|[1-9][0-9]{0,8})\]                                       # one element
    )
    """,
    re.VERBOSE,
)
MAX_STEPS = 32


def fault(path: str) -> str:
    """What is wrong with a path, and where; empty if nothing is."""
    if not path.startswith("$"):
        return "it should start with `$`"
    if path == "$":
        return "`$` alone is the whole record"
    position, steps = 1, 0
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            return f"not understood from character {position + 1} on: `{path[position : position + 20]}`"
        position, steps = step.end(), steps + 1
    return "it is too deep" if steps > MAX_STEPS else ""
