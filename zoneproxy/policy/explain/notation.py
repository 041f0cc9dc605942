"""Rules, flows and controls as the YAML that a person would write, to read and to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from zoneproxy.policy.acl import ANY_HOST, Rule
from zoneproxy.policy.controls import Control, Detect, RedactField, RedactFinding
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.record_rules import HeaderNames, MaximumSize, RowFilter
from zoneproxy.policy.transforms import Transform, TransformKind

_PLAIN = re.compile(r"(?!(?:true|false|null)$)[A-Za-z][A-Za-z0-9._-]*", re.IGNORECASE)
_PATH = re.compile(r"\$[A-Za-z0-9_.$-]*")
_MASK_WITH = "*"  # what `redact` takes if it is not told


def text(value: str) -> str:
    """A text as YAML, quoted if it must be."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def pattern(written: Pattern) -> str:
    """A pattern of names."""
    if written.kind is PatternKind.ANY:
        return '"*"'
    if written.kind is PatternKind.PREFIX:
        return f"{{prefix: {text(written.name)}}}"
    return f'{{literal: "{written.name}"}}' if written.name == ANY_HOST else text(written.name)


def one_or_list(items: Sequence[str]) -> str:
    """A single thing by itself, several as a list."""
    return items[0] if len(items) == 1 else f"[{', '.join(items)}]"


def operations(several: Iterable[Operation]) -> str:
    """Operations in the order of Kafka's codes: ``read, describe``."""
    return ", ".join(operation.name.lower() for operation in sorted(several))


def rule(written: Rule) -> str:
    """A rule of a role, on one line: ``{allow: [read], topic: orders}``."""
    verb = "allow" if written.allow else "deny"
    kind = written.resource.name.lower()
    names = one_or_list([pattern(each) for each in written.patterns])
    about = "cluster: true" if written.resource is ResourceType.CLUSTER else f"{kind}: {names}"
    hosts = ""
    if ANY_HOST not in written.hosts:
        hosts = f", host: {one_or_list([text(host) for host in sorted(written.hosts)])}"
    what = "all" if written.operations == {Operation.ALL} else f"[{operations(written.operations)}]"
    return f"{{{verb}: {what}, {about}{hosts}}}"


def flow(written: Flow) -> list[str]:
    """A flow rule, as the lines of an entry of ``flows:``."""
    lines = [
        f"- name: {text(written.name)}",
        f"  from: {text(written.from_zone)}",
        f"  to: {text(written.to_zone)}",
        f"  topics: [{', '.join(pattern(each) for each in written.topics)}]",
    ]
    if written.controls:
        lines += ["  controls:", *(f"    - {control(each)}" for each in written.controls)]
    return lines


def control(written: Control) -> str:
    """A control, on one line: ``redact: {field: $.card.number, with: mask, keep_last: 4}``."""
    line = _control(written)
    return f"{line.removesuffix('}')}, dry_run: true}}" if written.dry_run else line


def _control(written: Control) -> str:
    match written:
        case Detect():
            action = written.action.name.lower()
            return f"detect: {{types: {_types(written.types)}, confidence: {written.confidence:g}, action: {action}}}"
        case RedactField():
            place = written.field if _PATH.fullmatch(written.field) else json.dumps(written.field, ensure_ascii=False)
            return f"redact: {{field: {place}, {_change(written.transform)}}}"
        case RedactFinding():
            found = f"types: {_types(written.types)}, confidence: {written.confidence:g}"
            return f"redact: {{{found}, {_change(written.transform)}}}"
        case RowFilter():
            return f"filter: {{when: {json.dumps(written.when, ensure_ascii=False)}}}"
        case HeaderNames():
            return f"headers: {{{_headers(written)}}}"
        case MaximumSize():
            bounds = ((name, getattr(written, name)) for name in ("key", "value", "headers", "record"))
            return f"size: {{{', '.join(f'{name}: {bound}' for name, bound in bounds if bound is not None)}}}"
    raise TypeError(type(written).__name__)


def _headers(written: HeaderNames) -> str:
    named = (("require", written.require), ("forbid", written.forbid))
    parts = [f"{name}: [{', '.join(map(pattern, patterns))}]" for name, patterns in named if patterns]
    return ", ".join(parts + ["action: remove"] * written.removes)


def _types(names: Sequence[str]) -> str:
    return f"[{', '.join(text(name) for name in names)}]"


def _change(transform: Transform) -> str:
    parts = [f"with: {transform.kind.value}"]
    if transform.kind is TransformKind.MASK:
        parts += [f"{name}: {kept}" for name in ("keep_first", "keep_last") if (kept := getattr(transform, name))]
        if transform.mask_with != _MASK_WITH:
            parts.append(f"mask_with: {json.dumps(transform.mask_with)}")
    if transform.key is not None:
        parts.append(f"key: {text(transform.key)}")
    return ", ".join(parts)
