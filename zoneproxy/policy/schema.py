"""JSON Schema of policy files, for editors."""

from __future__ import annotations

from zoneproxy.config.schema import Schema, schema_of
from zoneproxy.policy.documents.outline import PolicyDocument
from zoneproxy.policy.notation import as_list


def policy_schema() -> Schema:
    """Of each file in policies/. A section may be there without content."""
    schema = schema_of(PolicyDocument, "zoneproxy policy: who may do what, and what may cross", as_list)
    properties = {name: {"anyOf": [inner, {"type": "null"}]} for name, inner in schema["properties"].items()}
    return {**schema, "properties": properties}
