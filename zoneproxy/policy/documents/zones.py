"""``zones:``, the trust areas."""

from __future__ import annotations

from typing import Annotated, Literal, Self

import re2
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Flag, Section, Text, refuse
from zoneproxy.policy.documents.controls.detect import DetectDocument
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.namespaces import LEGAL, MAX_PREFIX_LENGTH
from zoneproxy.policy.notation import as_list

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


def _linear(pattern: str) -> str:
    """A pattern that google-re2 takes: the time that it needs is linear in the name, whatever the name is."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        refuse(f"`{pattern[:60]}` is not a pattern", "a regular expression as RE2 has them, as in '^[a-z0-9.-]+$'")
    return pattern


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
    observe: Annotated[
        Flag, Field(description="what controls would do at this zone's listeners is counted and told, nothing changed")
    ] = False
    topic_names: Annotated[
        str | None,
        Field(max_length=1_000, description="a pattern that the whole name of a new topic has to match"),
        AfterValidator(lambda pattern: pattern if pattern is None else _linear(pattern)),
    ] = None
    lineage_keys: Annotated[
        tuple[Name, ...],
        BeforeValidator(as_list),
        Field(description="keys of zoneproxy.yaml: the first one seals lineage of what leaves, all verify it"),
    ] = ()
    beside_records: Annotated[
        DetectDocument | None,
        Field(description="look for data in what is no record: names, ids, offset metadata, settings"),
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
