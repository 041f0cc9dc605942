"""Controls about fields and the changes of values, as the YAML that a person would write."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from zoneproxy.policy.controls import Control, RedactField, RedactFinding
from zoneproxy.policy.explain.texts import names, text
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactKey, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind, Unit

_PATH = re.compile(r"\$[A-Za-z0-9_.$-]*")
_DEFAULT = Transform(TransformKind.MASK)
_OPTIONS = (
    "keep_first",
    "keep_last",
    "mask_with",
    "length",
    "step",
    "bits_v4",
    "bits_v6",
    "days",
    "key",
    "domain",
    "prefix",
)


def redaction(written: Control) -> str | None:
    """A control that is about fields or changes values, on one line; None for others."""
    match written:
        case RedactField():
            return f"redact: {{field: {_path(written.field)}, {change(written.transform)}}}"
        case RedactName():
            return f"redact: {{name: {text(written.name)}, {change(written.transform)}}}"
        case RedactTag():
            return f"redact: {{tag: {text(written.tag)}, {change(written.transform)}}}"
        case RedactKey():
            return f"redact: {{part: key, {change(written.transform)}}}"
        case RedactFinding():
            found = f"types: {names(written.types)}, confidence: {written.confidence:g}"
            in_keys = ", record_keys: tokenise" if written.record_keys else ""
            return f"redact: {{{found}, {change(written.transform)}{in_keys}}}"
        case ForbidFields():
            places = [f"field: {_paths(written.fields)}"] if written.fields else []
            places += [
                f"{what}: {names(some)}" for what, some in (("name", written.names), ("tag", written.tags)) if some
            ]
            return f"forbid: {{{', '.join(places)}, action: {written.action.name.lower()}}}"
        case AllowFields():
            return f"allow: {{fields: {_paths(written.fields)}}}"
    return None


def change(transform: Transform) -> str:
    """How values are changed: ``with: mask, keep_last: 4``."""
    return ", ".join((f"with: {transform.kind.value}", *_options(transform)))


def _options(transform: Transform) -> Iterator[str]:
    for name in _OPTIONS:
        value = getattr(transform, name)
        if value != getattr(_DEFAULT, name):
            yield f"{name}: {_option(name, value)}"
    if transform.keep_format:
        yield "keep_format: true"
    if transform.to is not None:
        yield f"to: {Unit(transform.to).value}"
    if transform.kind is TransformKind.REPLACE:
        yield f"value: {transform.value}"


def _option(name: str, value: object) -> str:
    if name == "step" or not isinstance(value, str):
        return str(value)
    return json.dumps(value) if name == "mask_with" else text(value)


def _path(path: str) -> str:
    return path if _PATH.fullmatch(path) else json.dumps(path, ensure_ascii=False)


def _paths(paths: Sequence[str]) -> str:
    return f"[{', '.join(map(_path, paths))}]"
