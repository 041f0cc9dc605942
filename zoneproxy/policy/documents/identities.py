"""``identities:``, rules that make principals out of what clients show, where nobody would write down each one."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Section, Text, refuse
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.documents.matches import MatchDocument
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.identities import ANY_USER
from zoneproxy.policy.notation import as_list


def _prefix(value: str) -> str:
    if value != value.strip() or not value.isprintable() or "*" in value:
        refuse(f"`{value[:40]}` cannot begin the name of a principal", 'as in "acme:" or "staff-"')
    return value


class NamedByDocument(Section):
    """What the name is made of: ``prefix`` and one claim, one attribute of the subject, or the SASL user's name."""

    prefix: Annotated[str, Field(max_length=100), AfterValidator(_prefix)] = ""
    claim: Text | None = None
    subject: Text | None = None
    sasl: bool = False

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.claim is not None) + (self.subject is not None) + self.sasl != 1:
            refuse("a name is made of exactly one of `claim`, `subject` and `sasl: true`", "as in: {claim: sub}")
        return self


class IdentityDocument(Section):
    """One rule. Those of ``principals`` come first; then these, in order."""

    name: Name
    zone: Annotated[Name, Field(description="the home zone of everybody that this rule is for")]
    match: Annotated[tuple[MatchDocument, ...], Field(min_length=1), BeforeValidator(as_list)]
    principal: NamedByDocument
    roles: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _can_be_shown(self) -> Self:
        for match in self.match:
            made_of = self.principal
            if made_of.claim is not None and match.oauth is None:
                refuse("a claim is part of a token: `match` must ask for `oauth`", "as in: {oauth: {issuer: ...}}")
            if made_of.subject is not None and not match.as_match().about_certificates:
                refuse("`subject` is part of a certificate: `match` must ask for one", 'as in: {dns: "*.example.com"}')
            if made_of.sasl and match.sasl != ANY_USER:
                refuse("`sasl: true` names users of passwords: `match` must ask for any", 'as in: match: {sasl: "*"}')
        return self

    def as_derivation(self) -> Derivation:
        """The same without YAML."""
        made_of = self.principal
        return Derivation(
            self.name, self.zone, made_of.prefix, made_of.claim, made_of.subject, roles=frozenset(self.roles)
        )
