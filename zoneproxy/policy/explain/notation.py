"""Rules, flows and controls as the YAML that a person would write, to read and to paste."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from zoneproxy.policy.acl import ANY_HOST, Rule
from zoneproxy.policy.controls import Action, Control, Depth, Detect, RedactFinding
from zoneproxy.policy.explain.redactions import redaction
from zoneproxy.policy.explain.texts import names
from zoneproxy.policy.explain.texts import text as text
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.record_rules import DEFAULT_MAX_HOPS, HeaderNames, Lineage, MaximumSize, RowFilter
from zoneproxy.policy.value_rules import Binary, Format


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
    marks = ["depth: deep"] if isinstance(written, Detect | RedactFinding) and written.depth is Depth.DEEP else []
    marks += [] if written.on_error is Action.BLOCK else [f"on_error: {written.on_error.name.lower()}"]
    marks += ["dry_run: true"] if written.dry_run else []
    line = _control(written)
    if not marks:
        return line
    inside = line.removesuffix("}")
    return f"{inside}{'' if inside.endswith('{') else ', '}{', '.join(marks)}}}"


def _control(written: Control) -> str:
    if line := redaction(written):
        return line
    match written:
        case Detect():
            action = written.action.name.lower()
            return f"detect: {{types: {names(written.types)}, confidence: {written.confidence:g}, action: {action}}}"
        case RowFilter():
            return f"filter: {{when: {json.dumps(written.when, ensure_ascii=False)}}}"
        case HeaderNames():
            return f"headers: {{{_headers(written)}}}"
        case MaximumSize():
            bounds = ((name, getattr(written, name)) for name in ("key", "value", "headers", "record"))
            return f"size: {{{', '.join(f'{name}: {bound}' for name, bound in bounds if bound is not None)}}}"
        case Format():
            return f"format: {{{_format(written)}}}"
        case Binary():
            parts = "" if written.parts == ("value",) else f", parts: [{', '.join(written.parts)}]"
            return f"binary: {{action: {written.action.name.lower()}{parts}}}"
        case Lineage():
            return f"lineage: {{{_lineage(written)}}}"
    raise TypeError(type(written).__name__)


def _lineage(written: Lineage) -> str:
    parts = [f"key: {text(written.key)}"] if written.key is not None else []
    parts += ["require: true"] * written.require + ["add: false"] * (not written.add)
    parts += [f"max_hops: {written.max_hops}"] * (written.max_hops != DEFAULT_MAX_HOPS)
    return ", ".join(parts)


def _format(written: Format) -> str:
    parts = [f"{name}: {what}" for name in ("value", "key", "headers") if (what := getattr(written, name)) is not None]
    parts += ["unique_names: true"] * written.unique_names
    parts += [] if written.schemas is None else [f"schemas: {text(written.schemas)}"]
    csv = [f"delimiter: {json.dumps(written.delimiter)}"] * (written.delimiter != ",")
    csv += [f"columns: [{', '.join(map(text, written.columns))}]"] * bool(written.columns)
    csv += [] if written.header is None else [f"header: {json.dumps(written.header)}"]
    return ", ".join(parts + ([f"csv: {{{', '.join(csv)}}}"] if csv else []))


def _headers(written: HeaderNames) -> str:
    named = (("require", written.require), ("forbid", written.forbid))
    parts = [f"{name}: [{', '.join(map(pattern, patterns))}]" for name, patterns in named if patterns]
    return ", ".join(parts + ["action: remove"] * written.removes)
