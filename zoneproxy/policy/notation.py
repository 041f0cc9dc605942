"""How patterns, operations, hosts, globs and names are written in YAML; what is not understood is refused."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainValidator, WithJsonSchema

from zoneproxy.config.validation import refuse
from zoneproxy.policy.acl import ANY_HOST, canonical_host
from zoneproxy.policy.identities import Glob
from zoneproxy.policy.model import Operation
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import RESERVED_TOPICS

OPERATION_NAMES = {operation.name.lower(): operation for operation in Operation}

_NO_TOPICS = (Pattern(PatternKind.LITERAL, "."), Pattern(PatternKind.LITERAL, ".."))
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,249}")
_LATER_OPERATIONS = frozenset({Operation.CREATE_TOKENS, Operation.DESCRIBE_TOKENS})


def as_list(value: object) -> object:
    """One thing may be written where a list of them is allowed."""
    return value if isinstance(value, list | tuple) else [value]


# --- patterns ------------------------------------------------------------------------------------------------


def _pattern(value: object) -> Pattern:
    if value == "*":
        return ANY
    if isinstance(value, str):
        if "*" in value:
            refuse(f"`{value[:60]}` is not a name: a star stands alone", _instead_of_star(value))
        return Pattern(PatternKind.LITERAL, value)
    return _spelt_out(value)


def _spelt_out(value: object) -> Pattern:
    kind, name = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else (None, None)
    if kind not in ("prefix", "literal") or not isinstance(name, str):
        refuse("this is not a pattern of names", 'write a name, "*", {prefix: "x."}, or a list of these')
    if kind == "prefix" and name in ("", "*"):
        refuse("a prefix of nothing is everything", 'write "*" if that is meant')
    return Pattern(PatternKind(kind), name)


def _instead_of_star(value: str) -> str:
    if value.count("*") == 1 and value.endswith("*"):
        return f'write {{prefix: "{value[:-1]}"}}'
    return 'write a name, "*", or {prefix: "x."}'


def _topic_pattern(value: object) -> Pattern:
    pattern = _pattern(value)
    if pattern.kind is PatternKind.ANY:
        return pattern
    if not _TOPIC.fullmatch(pattern.name) or pattern in _NO_TOPICS:
        refuse("Kafka knows no topics with such names", "up to 249 of the characters a-z A-Z 0-9 . _ -")
    if pattern.kind is PatternKind.LITERAL and pattern.name in RESERVED_TOPICS:
        refuse(f"`{pattern.name}` is reserved: no client reaches it, whatever policy says", "leave it out")
    return pattern


def _name_pattern(value: object) -> Pattern:
    pattern = _pattern(value)
    if pattern.kind is not PatternKind.ANY and not _NAME.fullmatch(pattern.name):
        refuse("names here have 1 to 249 characters, none of them a control character")
    return pattern


_PATTERN_SCHEMA = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"prefix": {"type": "string"}, "literal": {"type": "string"}},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}

TopicPattern = Annotated[Any, PlainValidator(_topic_pattern), WithJsonSchema(_PATTERN_SCHEMA)]
NamePattern = Annotated[Any, PlainValidator(_name_pattern), WithJsonSchema(_PATTERN_SCHEMA)]


# --- operations, hosts ---------------------------------------------------------------------------------------


def _operation(value: object) -> Operation:
    operation = OPERATION_NAMES.get(value) if isinstance(value, str) else None
    if operation is None or operation in _LATER_OPERATIONS:
        known = ", ".join(name for name, each in OPERATION_NAMES.items() if each not in _LATER_OPERATIONS)
        refuse(f"`{str(value)[:40]}` is not an operation", f"known: {known}")
    return operation


def _host(value: object) -> str:
    if value == ANY_HOST:
        return ANY_HOST
    try:
        return canonical_host(str(ipaddress.ip_address(value if isinstance(value, str) else "")))
    except ValueError:
        refuse(f"`{str(value)[:60]}` is not a host", 'write an IP address, or "*"; Kafka knows no names or ranges here')


OperationName = Annotated[Any, PlainValidator(_operation), WithJsonSchema({"enum": sorted(OPERATION_NAMES)})]
Host = Annotated[Any, PlainValidator(_host), WithJsonSchema({"type": "string"})]


# --- identities ----------------------------------------------------------------------------------------------


def _glob(value: object, what: str, separator: str) -> Glob:
    if not isinstance(value, str) or not value or len(value) > 2048 or not value.isprintable():
        refuse(f"`{what}` should be some text", 'as in "payments.example.com"; a star stands for a part of it')
    if "**" in value and (separator != "/" or value.count("**") > 1 or "***" in value or not value.endswith("/**")):
        refuse("`**` may only be the last part of a URI", f"a single * stands for anything without `{separator}`")
    if not value.replace("*", "").replace(separator, ""):
        refuse(f"`{what}: {value[:40]}` would match anybody", "say more")
    return Glob(value, separator)


def _spiffe(value: object) -> Glob:
    glob = _glob(value, "spiffe", "/")
    scheme, _, rest = glob.text.partition("://")
    domain, _, path = rest.partition("/")
    if scheme != "spiffe" or not re.fullmatch("[a-z0-9._-]+", domain) or not path:
        refuse("not a SPIFFE id", 'write "spiffe://trust-domain/path": no star in the trust domain, lower case')
    return glob


def _uri(value: object) -> Glob:
    glob = _glob(value, "uri", "/")
    scheme, _, rest = glob.text.partition(":")
    host = rest[2:].partition("/")[0] if rest.startswith("//") else rest[:1]
    if "*" in scheme or not host or "*" in host:
        refuse("a star may stand neither in the scheme nor in the host of a URI", 'as in "https://example.com/apps/*"')
    return glob


def _dns(value: object) -> Glob:
    glob = _glob(value, "dns", ".")
    if "*" in "".join(glob.text.split(".")[-2:]):
        refuse("a star may not stand in the last two labels of a name", 'as in "*.payments.example.com"')
    return Glob(glob.text.lower(), ".")


def _email(value: object) -> Glob:
    glob = _glob(value, "email", "@")
    local, _, host = glob.text.rpartition("@")
    if not local or not host or "*" in host:
        refuse("not an e-mail address", 'as in "*@payments.example.com": no star in the host')
    return Glob(f"{local}@{host.lower()}", "@")


_TEXT_SCHEMA = WithJsonSchema({"type": "string"})
SpiffeGlob = Annotated[Any, PlainValidator(_spiffe), _TEXT_SCHEMA]
UriGlob = Annotated[Any, PlainValidator(_uri), _TEXT_SCHEMA]
DnsGlob = Annotated[Any, PlainValidator(_dns), _TEXT_SCHEMA]
EmailGlob = Annotated[Any, PlainValidator(_email), _TEXT_SCHEMA]


# --- names ---------------------------------------------------------------------------------------------------


def _principal_name(value: object) -> object:
    if isinstance(value, str):
        if value.startswith("User:"):
            refuse(f"`{value[:60]}`: principals are written without `User:`", f"write {value[5:65]}")
        if value in ("*", "ANONYMOUS") or value != value.strip() or not _NAME.fullmatch(value):
            refuse(f"`{value[:60]}` cannot be a principal", "a name of 1 to 249 characters, neither * nor ANONYMOUS")
    return value


PrincipalName = Annotated[str, BeforeValidator(_principal_name)]
"""``alice``: what Kafka calls ``User:alice``."""
