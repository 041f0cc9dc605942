"""``zones:``, the trust areas."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import Flag, Section, Text, refuse
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.namespaces import LEGAL, MAX_PREFIX_LENGTH

NAMESPACE_HINT = "a prefix of letters, digits, dots, underscores and dashes, up to 100, as in `analytics.`"


class Encryption(Section):
    """What a client's connection must have at least. ``transport: plaintext`` allows everything, by name.

    ``mtls``: TLS with a client certificate; ``tls``: without one will do (who it is, SASL says).
    """

    transport: Literal["mtls", "tls", "plaintext"] = "mtls"
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
    namespace: Annotated[str | None, Field(pattern=LEGAL, max_length=MAX_PREFIX_LENGTH, description=NAMESPACE_HINT)] = (
        None
    )
    frameworks: tuple[Text, ...] = ()
    encryption: Encryption = Encryption()
    named_principals_only: Annotated[
        Flag | None,
        Field(description="nobody may do anything here whom the policy does not name; default: on the highest level"),
    ] = None

    @model_validator(mode="after")
    def _who_is_not_identified_has_no_name(self) -> Self:
        if self.named_principals_only and self.encryption.transport == "plaintext":
            refuse("`named_principals_only` and `transport: plaintext` exclude each other", "use `mtls` or `tls`")
        return self

    def names_needed(self, highest: str) -> bool:
        """Whether principals must be named here; ``highest`` is the last of the levels.

        A zone that says it takes clients which nothing identifies is not taken to mean it.
        """
        if self.named_principals_only is None:
            return self.level == highest and self.encryption.transport != "plaintext"
        return self.named_principals_only
