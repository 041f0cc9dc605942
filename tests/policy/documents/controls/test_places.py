from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.config.validation import Section
from zoneproxy.policy.documents.controls.places import FieldNames, JsonPaths, TagNames


class Places(Section):
    field: JsonPaths = ()
    name: FieldNames = ()
    tag: TagNames = ()


def test_one_or_several() -> None:
    assert Places.model_validate({"field": "$.a", "name": "cvv", "tag": "pii"}) == Places(
        field=("$.a",), name=("cvv",), tag=("PII",)
    )
    assert Places.model_validate({"field": ["$.a", "$..b"]}).field == ("$.a", "$..b")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"field": "a.b"}, "`a.b` is not a path: it should start with `$`"),
        ({"field": []}, "at least 1"),
        ({"name": "_-"}, "`_-` is not a name of a field"),
        ({"name": ""}, "at least 1"),
        ({"tag": "p i i"}, "pattern"),
    ],
)
def test_what_names_no_field(data: dict[str, Any], message: str) -> None:
    assert message in refusal(Places, data)
