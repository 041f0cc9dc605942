"""What may be written in policies/*.yaml, entry by entry. An entry says nothing yet about others: see ``checks``."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Number, Section, Text, Whole, refuse
from zoneproxy.policy.acl import ANY_HOST, CLUSTER_NAME, SUPPORTED
from zoneproxy.policy.identities import Match
from zoneproxy.policy.jsonpath import fault
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.notation import (
    DnsGlob,
    EmailGlob,
    Host,
    NamePattern,
    OperationName,
    PrincipalName,
    SpiffeGlob,
    TopicPattern,
    UriGlob,
    as_list,
)
from zoneproxy.policy.patterns import Pattern, PatternKind

NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
NAME_HINT = "small letters, digits and dashes, up to 63"

Name = Annotated[str, Field(pattern=NAME, description=NAME_HINT)]
"""Names of zones, roles, levels and keys: small letters, digits and dashes, up to 63, fit for labels and host names."""
Title = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Names of flows: one line for people."""

_SUBJECT = ("CN", "O", "OU", "C", "ST", "L", "STREET", "DC", "UID", "serialNumber", "emailAddress", "SN", "GN", "title")
_OID = re.compile(r"[0-2](\.[0-9]{1,12}){1,20}")


# --- zones ---------------------------------------------------------------------------------------------------


class Encryption(Section):
    """What a client's connection must have at least. ``transport: plaintext`` allows everything, by name."""

    transport: Literal["mtls", "plaintext"] = "mtls"
    min_tls: Annotated[Literal["1.2", "1.3"] | None, Field(description='the oldest TLS version: "1.2" or "1.3"')] = None

    @model_validator(mode="after")
    def _plaintext_has_no_version(self) -> Self:
        if self.transport == "plaintext" and self.min_tls is not None:
            refuse("`min_tls` asks for TLS but `transport: plaintext` does not", "leave one of them out")
        return self


class ZoneDocument(Section):
    """One zone."""

    level: Name
    owner: Annotated[Text, Field(description="who answers for the zone's data: a team or an address")]
    upstream: Annotated[Name, Field(description="an upstream of zoneproxy.yaml")]
    frameworks: tuple[Text, ...] = ()
    encryption: Encryption = Encryption()


# --- principals ----------------------------------------------------------------------------------------------


def _subject(given: dict[str, str]) -> dict[str, str]:
    for attribute, value in given.items():
        if attribute not in _SUBJECT and not _OID.fullmatch(attribute):
            refuse(f"`{attribute[:40]}` is no attribute of a subject", f"known: {', '.join(_SUBJECT)}, or a dotted OID")
        if "*" in value:
            refuse("subjects are compared as they are: a star is a star", "write the whole value, or match by `spiffe`")
    return given


class MatchDocument(Section):
    """What a client certificate must show: all of what is written here."""

    spiffe: SpiffeGlob | None = None
    uri: UriGlob | None = None
    dns: DnsGlob | None = None
    email: EmailGlob | None = None
    subject: Annotated[dict[str, Text], Field(min_length=1), AfterValidator(_subject)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            refuse("an empty `match` would match anybody", "as in: match: {subject: {CN: alice, O: Acme}}")
        return self

    def as_match(self) -> Match:
        """The same without YAML."""
        subject = tuple(sorted((self.subject or {}).items()))
        return Match(spiffe=self.spiffe, uri=self.uri, dns=self.dns, email=self.email, subject=subject)


class PrincipalDocument(Section):
    """One principal. Without ``match`` only a plaintext listener can name it."""

    name: PrincipalName
    zone: Annotated[Name, Field(description="the home zone, the one that this principal belongs to")]
    match: Annotated[tuple[MatchDocument, ...], BeforeValidator(as_list)] = ()
    roles: tuple[Name, ...] = ()


# --- roles ---------------------------------------------------------------------------------------------------

Operations = Annotated[tuple[OperationName, ...], Field(min_length=1), BeforeValidator(as_list)]
TopicPatterns = Annotated[tuple[TopicPattern, ...], Field(min_length=1), BeforeValidator(as_list)]
NamePatterns = Annotated[tuple[NamePattern, ...], Field(min_length=1), BeforeValidator(as_list)]
Hosts = Annotated[tuple[Host, ...], Field(min_length=1), BeforeValidator(as_list)]

_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.CLUSTER,
}


class RuleDocument(Section):
    """One entry of a role."""

    allow: Operations | None = None
    deny: Operations | None = None
    topic: TopicPatterns | None = None
    group: NamePatterns | None = None
    transactional_id: NamePatterns | None = None
    cluster: Literal[True] | None = None
    host: Hosts = (ANY_HOST,)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.allow is None) == (self.deny is None):
            refuse("a rule needs exactly one of `allow` and `deny`", "as in: {allow: [read], topic: orders}")
        if sum(getattr(self, name) is not None for name in _RESOURCES) != 1:
            refuse("a rule is about exactly one of `topic`, `group`, `transactional_id` and `cluster: true`")
        supported = SUPPORTED[self.resource]
        wrong = [each.name.lower() for each in self.operations if each not in supported and each is not Operation.ALL]
        if wrong:
            kind = self.resource.name.lower()
            known = ", ".join(sorted(each.name.lower() for each in supported))
            refuse(f"{', '.join(f'`{each}`' for each in wrong)} cannot be done to a {kind}", f"known: all, {known}")
        return self

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Allowed or denied."""
        return self.allow or self.deny or ()

    @property
    def resource(self) -> ResourceType:
        """What kind of resource it is about."""
        return next(kind for name, kind in _RESOURCES.items() if getattr(self, name) is not None)

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Which resources of that kind."""
        return self.topic or self.group or self.transactional_id or (Pattern(PatternKind.LITERAL, CLUSTER_NAME),)


# --- flows ---------------------------------------------------------------------------------------------------

Confidence = Annotated[Number, Field(ge=0, le=1)]
Types = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]
Kept = Annotated[Whole, Field(ge=0, le=64)]

DEFAULT_CONFIDENCE = 0.5


class DetectDocument(Section):
    """Look for types of data anywhere in a record."""

    types: Types
    confidence: Confidence = DEFAULT_CONFIDENCE
    action: Literal["block", "alert", "allow"]


def _json_path(path: str) -> str:
    if wrong := fault(path):
        refuse(f"`{path[:60]}` is not a path: {wrong}", "as in $.card.number, $.items[*].email, $['odd name'][0]")
    return path


class RedactDocument(Section):
    """Change a value: at a path of a JSON record, or wherever a detector finds one."""

    field: Annotated[Text, AfterValidator(_json_path)] | None = None
    types: Types | None = None
    confidence: Confidence | None = None
    with_: Annotated[Literal["mask", "hash", "remove"], Field(alias="with")]
    keep_first: Kept = 0
    keep_last: Kept = 0
    mask_with: Annotated[str, Field(pattern=r"^[!#-\[\]-~]$", description='one character, as in "*"')] = "*"
    key: Annotated[Name, Field(description="a key of zoneproxy.yaml")] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.field is None) == (self.types is None):
            refuse("`redact` needs exactly one of `field` and `types`", "what is to be changed: a place, or findings")
        if self.field is not None and self.confidence is not None:
            refuse("`confidence` is about findings: with `field` it has no effect", "leave it out")
        only_for_mask = {"keep_first", "keep_last", "mask_with"} & self.model_fields_set
        if self.with_ != "mask" and only_for_mask:
            refuse(f"`{min(only_for_mask)}` has an effect only with `with: mask`", "leave it out")
        if self.with_ == "hash" and self.key is None:
            refuse("`with: hash` needs a `key`", "a bare hash of a card number can be guessed; name a key of `keys:`")
        if self.with_ != "hash" and self.key is not None:
            refuse("`key` has an effect only with `with: hash`", "leave it out")
        return self


class ControlDocument(Section):
    """One thing that is done to the records of a flow."""

    detect: DetectDocument | None = None
    redact: RedactDocument | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.detect is None) == (self.redact is None):
            refuse("a control is exactly one of `detect` and `redact`", "start a new entry with `- ` for each")
        return self


class FlowDocument(Section):
    """One flow rule."""

    name: Title
    from_: Annotated[Name, Field(alias="from")]
    to: Name
    topics: TopicPatterns
    controls: tuple[ControlDocument, ...] = ()


Levels = Annotated[tuple[Name, ...], Field(min_length=1)]


class PolicyDocument(Section):
    """A whole file; any file may hold any of these. Entries are checked one by one, so this is the outline only."""

    levels: Levels = ()
    zones: dict[Name, ZoneDocument] = Field(default_factory=dict)
    principals: tuple[PrincipalDocument, ...] = ()
    roles: dict[Name, tuple[RuleDocument, ...]] = Field(default_factory=dict)
    flows: tuple[FlowDocument, ...] = ()
