"""Edits the ``grants:`` section of a policy file as text: what is not touched stays as somebody wrote it.

Grants are added below the last one, as lines of their own, and taken away with all of their lines. Comments stay,
except those in the lines of a grant that goes. A section that is not written as a list of lines is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import yaml

from zoneproxy.config.scalars import plain_scalar
from zoneproxy.errors import InvalidConfiguration, Problem

MAX_LINE = 120
_ESCAPES = {'"': '\\"', "\\": "\\\\"}
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@+:-]*[A-Za-z0-9]|[A-Za-z0-9]")


def add_grant(text: str, grant: Mapping[str, str | bool], file: str) -> str:
    """The text of a policy file with one more grant. Raises InvalidConfiguration, naming ``file``."""
    newline = "\r\n" if "\r\n" in text else "\n"
    section = _section(text, file)
    if section is None:
        body = text if not text or text.endswith("\n") else text + newline
        gap = newline if body.strip() else ""
        return f"{body}{gap}grants:{newline}{_written(grant, '  ', newline)}{newline}"
    if isinstance(section, yaml.SequenceNode) and not section.flow_style:
        place = _end_of_line(text, _last_place(text, section))
        indent = " " * section.start_mark.column
    else:
        if section.value:
            raise _refused(file, section)
        before = text[: section.start_mark.index].rstrip(" ")  # what stands there is an empty list, or nothing at all
        text = before + text[section.end_mark.index :]
        place, indent = _end_of_line(text, len(before)), "  "
    return f"{text[:place]}{newline}{_written(grant, indent, newline)}{text[place:] or newline}"


def remove_grants(text: str, positions: Sequence[int], file: str) -> str:
    """The text without the grants at these positions of the list. Raises InvalidConfiguration, naming ``file``."""
    section = _section(text, file)
    if not isinstance(section, yaml.SequenceNode) or section.flow_style:
        raise _refused(file, section)
    for position in sorted(positions, reverse=True):
        item = section.value[position]
        dash = text.rindex("-", 0, item.start_mark.index)
        start = text.rfind("\n", 0, dash) + 1
        end = _end_of_line(text, _last_place(text, item))
        text = text[:start] + text[end:].removeprefix("\r").removeprefix("\n")
    return text


def _section(text: str, file: str) -> yaml.Node | None:
    """What stands behind ``grants:``; None: there is no such key."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise _refused(file, root)
    return next((value for key, value in root.value if key.value == "grants"), None)


def _refused(file: str, node: yaml.Node | None) -> InvalidConfiguration:
    line, column = (node.start_mark.line + 1, node.start_mark.column + 1) if node else (0, 0)
    hint = "write `grants:` and each grant on lines of its own, beginning with `- `"
    return InvalidConfiguration([Problem(file, line, column, "grants in this form cannot be edited", hint)])


def _last_place(text: str, node: yaml.Node) -> int:
    """Where the last character of what a node says is, comments behind it left out."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return len(text[: node.end_mark.index].rstrip())


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1] == "\r" else end


def _written(grant: Mapping[str, str | bool], indent: str, newline: str) -> str:
    """A grant as YAML: in one line if it fits."""
    parts = [f"{name}: {_scalar(value)}" for name, value in grant.items()]
    line = f"{indent}- {{{', '.join(parts)}}}"
    return line if len(line) <= MAX_LINE else f"{indent}- " + f"{newline}{indent}  ".join(parts)


def _scalar(value: str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if _PLAIN.fullmatch(value) and plain_scalar(value) == value:
        return value
    return '"' + "".join(_ESCAPES.get(character) or _escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    return character if character.isprintable() else f"\\U{ord(character):08x}"
