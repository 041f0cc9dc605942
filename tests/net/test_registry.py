"""A schema registry, asked over https."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.net.registry_kit import FakeRegistry, fake_registry
from zoneproxy.errors import ProtocolError
from zoneproxy.formats.document import DEFAULT_LIMITS, Leaf
from zoneproxy.formats.schema import InvalidSchema, Schema
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.net.registry import MAX_BYTES, Registry

GUID = UUID("89791762-2336-4186-9674-299b90a802e2")
RECORD = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}'


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeRegistry]:
    with fake_registry(tmp_path) as registry:
        yield registry


def loaded(fake: FakeRegistry, id_: int | UUID = 1) -> Schema:
    return Registry(fake.config()).load(id_)


def leaves(schema: Schema, value: bytes) -> list[Leaf]:
    return list(schema.read(value, 0, DEFAULT_LIMITS).leaves)


def test_avro_is_what_is_not_said_to_be_something_else(fake: FakeRegistry) -> None:
    fake.documents["/schemas/ids/1"] = {"schema": RECORD}
    schema = loaded(fake)
    assert schema.kind == "avro"
    assert leaves(schema, b"\x02x")[0].path == (b"a",)


def test_tags_beside_the_schema(fake: FakeRegistry) -> None:
    tags = {"metadata": {"tags": {"R.a": ["PII"]}, "properties": {"owner": "x"}}, "ruleSet": None}
    fake.documents["/schemas/ids/1"] = {"schema": RECORD} | tags
    assert leaves(loaded(fake), b"\x02x")[0].tags == {"PII"}


def test_by_guid(fake: FakeRegistry) -> None:
    fake.documents[f"/schemas/guids/{GUID}"] = {"schema": '"string"', "schemaType": "AVRO"}
    assert loaded(fake, GUID).kind == "avro"


def test_protobuf_with_references_that_have_references(fake: FakeRegistry) -> None:
    """Each before what needs it, and once."""
    fake.documents |= {
        "/schemas/ids/1": {
            "schemaType": "PROTOBUF",
            "schema": "message M { B b = 1; C c = 2; }",
            "references": [
                {"name": "b.proto", "subject": "b/1", "version": 3},
                {"name": "c.proto", "subject": "c", "version": 1},
            ],
        },
        "/subjects/b%2F1/versions/3": {
            "schemaType": "PROTOBUF",
            "schema": "message B { C c = 1; }",
            "references": [{"name": "c.proto", "subject": "c", "version": 1}],
        },
        "/subjects/c/versions/1": {"schemaType": "PROTOBUF", "schema": "message C { string s = 1; }"},
    }
    (leaf,) = leaves(loaded(fake), b"\x00\x0a\x05\x0a\x03\x0a\x01x")
    assert leaf.path == (b"b", b"c", b"s")
    assert fake.server.asked == ["/schemas/ids/1", "/subjects/b%2F1/versions/3", "/subjects/c/versions/1"]


def test_references_of_avro_define_names(fake: FakeRegistry) -> None:
    fake.documents |= {
        "/schemas/ids/1": {
            "schema": '{"type": "array", "items": "R"}',
            "references": [{"name": "R", "subject": "r", "version": 1}],
        },
        "/subjects/r/versions/1": {"schema": RECORD},
    }
    assert leaves(loaded(fake), b"\x02\x02x\x00")[0].path == (0, b"a")


def test_references_in_a_circle_come_to_an_end(fake: FakeRegistry) -> None:
    circle = [{"name": "r", "subject": "r", "version": 1}]
    fake.documents |= {
        "/schemas/ids/1": {"schema": '"string"', "references": circle},
        "/subjects/r/versions/1": {"schema": RECORD, "references": circle},
    }
    loaded(fake)
    assert len(fake.server.asked) == 2


def test_there_are_limits_to_references(fake: FakeRegistry) -> None:
    def reference(number: int) -> list[dict[str, Any]]:
        return [{"name": "r", "subject": "r", "version": number}]

    fake.documents["/schemas/ids/1"] = {"schema": '"string"', "references": reference(1)}
    for number in range(1, 102):
        fake.documents[f"/subjects/r/versions/{number}"] = {"schema": '"int"', "references": reference(number + 1)}
    with pytest.raises(ProtocolError, match="references"):
        loaded(fake)


def test_and_to_their_size(fake: FakeRegistry) -> None:
    large = '"int"' + " " * (1 << 20)
    fake.documents["/schemas/ids/1"] = {
        "schema": '"string"',
        "references": [{"subject": "r", "version": number} for number in range(5)],
    }
    for number in range(5):
        fake.documents[f"/subjects/r/versions/{number}"] = {"schema": large}
    with pytest.raises(ProtocolError, match="size"):
        loaded(fake)


def test_references_are_asked_for_no_longer_than_a_session_waits(
    fake: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, *[1000.0] * 50])
    fake.documents["/schemas/ids/1"] = {"schema": '"int"', "references": [{"subject": "r", "version": 1}]}
    monkeypatch.setattr("zoneproxy.net.registry.monotonic", lambda: next(moments))
    with pytest.raises(TimeoutError):
        loaded(fake)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"{", "json"),
        (b"[" * 100_000, "json"),
        ([], "json"),
        ({}, "json"),
        ({"schema": 5}, "json"),
        ({"schema": '"int"', "schemaType": 5}, "json"),
        ({"schema": '"int"', "references": 5}, "references"),
        ({"schema": '"int"', "references": [{"subject": 1}]}, "references"),
        ({"schema": '"int"', "metadata": 5}, "tags"),
        ({"schema": '"int"', "metadata": {"tags": ["PII"]}}, "tags"),
        ({"schema": '"int"', "metadata": {"tags": {"a": "PII"}}}, "tags"),
        ({"schema": '"int"', "metadata": {"tags": {"a": [5]}}}, "tags"),
        (b" " * (MAX_BYTES + 1), "size"),
    ],
)
def test_an_answer_that_makes_no_sense(fake: FakeRegistry, document: object, reason: str) -> None:
    fake.documents["/schemas/ids/1"] = document
    with pytest.raises(ProtocolError, match=reason):
        loaded(fake)


@pytest.mark.parametrize(("type_", "text", "reason"), [("JSON", "{}", "kind"), ("PROTOBUF", "message", "syntax")])
def test_a_schema_that_cannot_be_read_with(fake: FakeRegistry, type_: str, text: str, reason: str) -> None:
    fake.documents["/schemas/ids/1"] = {"schema": text, "schemaType": type_}
    with pytest.raises(InvalidSchema, match=reason):
        loaded(fake)


def test_a_schema_that_there_is_not(fake: FakeRegistry) -> None:
    with pytest.raises(ProtocolError, match="not_found"):
        loaded(fake)
    fake.status = 401
    with pytest.raises(ProtocolError, match="status"):
        loaded(fake)


def test_a_registry_that_nobody_vouches_for(fake: FakeRegistry) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Registry(fake.config({"ca": None})).load(1)


def test_secrets_are_read_anew_for_each_question(fake: FakeRegistry, tmp_path: Path) -> None:
    fake.documents["/schemas/ids/1"] = {"schema": '"int"'}
    secret = tmp_path / "secret"
    basic = {"type": "basic", "username": "proxy", "password_file": str(secret)}
    registry = Registry(fake.config({"auth": basic}))
    bearer = Registry(fake.config({"auth": {"type": "bearer", "token_file": str(secret)}}))
    secret.write_text("one\n")
    registry.load(1)
    secret.write_text("two\n")
    registry.load(1)
    bearer.load(1)
    assert fake.authorized == [
        "Basic " + base64.b64encode(b"proxy:one").decode(),
        "Basic " + base64.b64encode(b"proxy:two").decode(),
        "Bearer two",
    ]
    secret.unlink()
    with pytest.raises(LoginFailed):
        bearer.load(1)
