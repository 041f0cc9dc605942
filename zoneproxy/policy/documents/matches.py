"""``match:``, what a client must show to be somebody."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Section, Text, refuse
from zoneproxy.policy.identities import Match, TokenMatch
from zoneproxy.policy.notation import DnsGlob, EmailGlob, SpiffeGlob, UriGlob, as_list

_SUBJECT = ("CN", "O", "OU", "C", "ST", "L", "STREET", "DC", "UID", "serialNumber", "emailAddress", "SN", "GN", "title")
_OID = re.compile(r"[0-2](\.[0-9]{1,12}){1,20}")


def _subject(given: dict[str, str]) -> dict[str, str]:
    for attribute, value in given.items():
        if attribute not in _SUBJECT and not _OID.fullmatch(attribute):
            refuse(f"`{attribute[:40]}` is no attribute of a subject", f"known: {', '.join(_SUBJECT)}, or a dotted OID")
        if "*" in value:
            refuse("subjects are compared as they are: a star is a star", "write the whole value, or match by `spiffe`")
    return given


Values = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]


class TokenDocument(Section):
    """What a token must say: who issued it and, of each claim named here, one of the values written."""

    issuer: Annotated[Text, Field(description="the issuer of one of zoneproxy.yaml's `oauth` providers")]
    claims: Annotated[dict[str, Values], Field(min_length=1)] | None = None

    def as_match(self) -> TokenMatch:
        """The same without YAML."""
        return TokenMatch(self.issuer, tuple(sorted((self.claims or {}).items())))


class MatchDocument(Section):
    """What a client must show: all of what is written here.

    ``sasl`` is a user of the credentials file, ``oauth`` is about tokens; the rest is about the client certificate.
    Who shows both a certificate and one of these needs a match about both.
    """

    spiffe: SpiffeGlob | None = None
    uri: UriGlob | None = None
    dns: DnsGlob | None = None
    email: EmailGlob | None = None
    subject: Annotated[dict[str, Text], Field(min_length=1), AfterValidator(_subject)] | None = None
    sasl: Text | None = None
    oauth: TokenDocument | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            refuse("an empty `match` would match anybody", "as in: match: {subject: {CN: alice, O: Acme}}")
        if self.sasl is not None and self.oauth is not None:
            refuse("nobody shows a password and a token at once: `sasl` or `oauth`", "make two entries of it")
        return self

    def as_match(self) -> Match:
        """The same without YAML."""
        subject = tuple(sorted((self.subject or {}).items()))
        return Match(
            spiffe=self.spiffe,
            uri=self.uri,
            dns=self.dns,
            email=self.email,
            subject=subject,
            sasl=self.sasl,
            token=self.oauth.as_match() if self.oauth else None,
        )
