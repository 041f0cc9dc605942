"""What zoneproxy.yaml may say of schemas."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.config.schemas import SchemasConfig

URL = "https://registry.example.com:8081"
GUID = "89791762-2336-4186-9674-299b90a802e2"
BASIC = {"type": "basic", "username": "u", "password_file": "p"}


def test_files_and_a_registry() -> None:
    config = SchemasConfig.model_validate(
        {
            "files": [
                {"id": 1, "file": "a.avsc", "tags": {"**.ssn": ["PII"]}},
                {"guid": GUID.upper().replace("-", ""), "file": "b.proto", "references": ["c.proto"]},
            ],
            "registry": {"url": URL, "ca": "ca.pem", "auth": BASIC},
        }
    )
    assert [file.kind for file in config.files] == ["avro", "protobuf"]
    assert config.files[1].guid == GUID
    assert config.registry is not None
    assert (config.registry.timeout_seconds, config.registry.retry_seconds) == (5, 5)
    assert SchemasConfig.model_validate({"registry": {"url": URL, "auth": {"type": "bearer", "token_file": "t"}}})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "in `files`, or at a `registry`"),
        ({"files": [{"file": "a.avsc"}]}, "an `id`, or a `guid`"),
        ({"files": [{"file": "a.json", "id": 1}]}, "no known kind"),
        ({"files": [{"file": "a.avsc", "id": -1}]}, "greater than"),
        ({"files": [{"file": "a.avsc", "id": 1 << 32}]}, "less than"),
        ({"files": [{"file": "a.avsc", "guid": "1"}]}, "no GUID"),
        ({"files": [{"file": "a.avsc", "id": 1}, {"file": "b.avsc", "id": 1}]}, "two schemas with the id `1`"),
        ({"files": [{"file": f"{n}.avsc", "id": n, "guid": GUID} for n in (1, 2)]}, "two schemas with the guid"),
        ({"registry": {"url": "http://registry"}}, "not an https URL"),
        ({"registry": {"url": URL, "auth": {"type": "basic", "username": "u"}}}, "needs `password_file`"),
        ({"registry": {"url": URL, "auth": BASIC | {"token_file": "t"}}}, "`token_file` has no effect"),
        ({"registry": {"url": URL, "auth": {"type": "bearer"}}}, "needs `token_file`"),
    ],
)
def test_what_makes_no_sense(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        SchemasConfig.model_validate(data)
