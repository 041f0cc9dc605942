"""How fields of a record are named: by path, by name, by tag."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from zoneproxy.config.validation import Text, refuse
from zoneproxy.policy.jsonpath import fault
from zoneproxy.policy.notation import as_list


def _json_path(path: str) -> str:
    if wrong := fault(path):
        refuse(
            f"`{path[:60]}` is not a path: {wrong}", "as in $.card.number, $.items[*].email, $..cvv, $['odd name'][0]"
        )
    return path


def _field_name(name: str) -> str:
    if not any(sign.isalnum() for sign in name):
        refuse(
            f"`{name[:60]}` is not a name of a field", "as in cvv, card_number; `_`, `-` and letter case do not matter"
        )
    return name


def _tag(tag: str) -> str:
    return tag.upper()


JsonPath = Annotated[Text, AfterValidator(_json_path)]
JsonPaths = Annotated[tuple[JsonPath, ...], Field(min_length=1, max_length=256), BeforeValidator(as_list)]
FieldName = Annotated[Text, AfterValidator(_field_name)]
FieldNames = Annotated[tuple[FieldName, ...], Field(min_length=1, max_length=256), BeforeValidator(as_list)]
TagName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$"), AfterValidator(_tag)]
TagNames = Annotated[tuple[TagName, ...], Field(min_length=1, max_length=64), BeforeValidator(as_list)]
