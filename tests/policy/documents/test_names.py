from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from zoneproxy.policy.documents.names import GroupName, Name, Title


@pytest.mark.parametrize("name", ["a", "payments-2", "a" * 63])
def test_names_fit_labels_and_host_names(name: str) -> None:
    assert TypeAdapter(Name).validate_python(name) == name


@pytest.mark.parametrize("name", ["", "A", "a_b", "-a", "a-", "a" * 64, "a.b"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Name).validate_python(name)


def test_titles_are_one_line() -> None:
    assert TypeAdapter(Title).validate_python("completed payments, for A") == "completed payments, for A"
    with pytest.raises(ValidationError):
        TypeAdapter(Title).validate_python("two\nlines")


def test_groups_are_called_as_others_call_them() -> None:
    for name in ("Analysts", "/acme/on call", "cn=analysts,ou=groups", "x" * 249):
        assert TypeAdapter(GroupName).validate_python(name) == name
    for name in ("", "a\nb", "x" * 250):
        with pytest.raises(ValidationError):
            TypeAdapter(GroupName).validate_python(name)
