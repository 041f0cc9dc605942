"""JSON Schema of policy tests, for editors."""

from __future__ import annotations

from zoneproxy.config.schema import Schema, schema_of
from zoneproxy.policy.cases.documents import CasesDocument
from zoneproxy.policy.notation import as_list


def cases_schema() -> Schema:
    """Of each file in policies/tests/."""
    return schema_of(CasesDocument, "zoneproxy policy tests: what policies are meant to say", as_list)
