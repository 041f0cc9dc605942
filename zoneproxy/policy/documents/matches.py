"""``match:``, what a client must show to be somebody."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from zoneproxy.config.validation import Section, Text, refuse
from zoneproxy.policy.identities import Match
from zoneproxy.policy.notation import DnsGlob, EmailGlob, SpiffeGlob, UriGlob

_SUBJECT = ("CN", "O", "OU", "C", "ST", "L", "STREET", "DC", "UID", "serialNumber", "emailAddress", "SN", "GN", "title")
_OID = re.compile(r"[0-2](\.[0-9]{1,12}){1,20}")


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
