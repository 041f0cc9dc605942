from __future__ import annotations

import pytest
import yaml

from zoneproxy.policy.explain.texts import names, text


@pytest.mark.parametrize(
    "value", ["cvv", "payments.completed", "null", "yes", "Off", "a b", "1", "", 'q"', "é", "a: b"]
)
def test_a_text_is_read_as_it_was(value: str) -> None:
    assert yaml.safe_load(f"[{text(value)}]") == [value]


def test_plain_texts_need_no_quotes() -> None:
    assert names(["cvv", "card_number", "a b"]) == '[cvv, card_number, "a b"]'
