"""Schemas of files."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from tests.net.authority import Authority
from zoneproxy.app.books import load_books
from zoneproxy.app.files import absolute
from zoneproxy.config.load import parse_config
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.formats.book import Books
from zoneproxy.formats.document import DEFAULT_LIMITS

GUID = "89791762-2336-4186-9674-299b90a802e2"
CONFIG = """
listeners:
  - name: l
    zone: z
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    tls: {certificate: c, key: k, client_ca: ca}
upstreams: {u: {bootstrap: ["k:1"], tls: {ca: ca}}}
"""


def books(folder: Path, schemas: str) -> Books:
    return load_books(absolute(parse_config(CONFIG + schemas), folder))


def problems(folder: Path, schemas: str) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        books(folder, schemas)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_files_are_known_by_number_and_guid(tmp_path: Path) -> None:
    (tmp_path / "a.avsc").write_text('{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}')
    (tmp_path / "b.proto").write_text("message M { Other o = 1; }")
    (tmp_path / "other.proto").write_text("message Other {}")
    book = books(
        tmp_path,
        f"""
schemas:
  main:
    files:
      - {{id: 1, file: a.avsc, tags: {{R.a: [pii]}}}}
      - {{id: 2, guid: "{GUID}", file: b.proto, references: [other.proto]}}
""",
    )["main"]
    assert book.schema(1).read(b"\x02x", 0, DEFAULT_LIMITS).leaves[0].tags == {"PII"}
    assert book.schema(2).kind == "protobuf"
    assert book.schema(UUID(GUID)) is book.schema(2)
    assert not book.is_open(3)


def test_without_schemas_there_are_no_books(tmp_path: Path) -> None:
    assert books(tmp_path, "") == {}
    assert books(tmp_path, "schemas:\n") == {}


def test_where_there_is_a_registry_others_may_be_asked_for(tmp_path: Path) -> None:
    assert books(tmp_path, 'schemas: {main: {registry: {url: "https://r"}}}')["main"].is_open(1)


def test_all_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.avsc").write_text('"Unknown"')
    (tmp_path / "b.proto").write_text("message M { string a = 0; }")
    found = problems(
        tmp_path,
        """
schemas:
  main:
    files:
      - {id: 1, file: a.avsc}
      - {id: 2, file: b.proto}
      - {id: 3, file: none.avsc}
      - {id: 4, file: b.proto, references: [none.proto]}
""",
    )
    assert found == [
        "a.avsc: is not a schema that can be read with: it names a type that neither it nor its references define",
        "b.proto: is not a schema that can be read with: `number`",
        "none.avsc: cannot be read: No such file or directory",
        "none.proto: cannot be read: No such file or directory",
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("ca: none.pem", "none.pem: the CA file of schemas `main` cannot be used"),
        (
            "auth: {type: bearer, token_file: none}",
            "none: the secret of schemas `main` cannot be read (one line of text)",
        ),
    ],
)
def test_what_a_registry_is_asked_with_is_tried(tmp_path: Path, more: str, expected: str) -> None:
    assert problems(tmp_path, f'schemas: {{main: {{registry: {{url: "https://r", {more}}}}}}}') == [expected]


def test_what_can_be_used(tmp_path: Path) -> None:
    ca = Authority("ca").save(tmp_path, "ca")
    (tmp_path / "secret").write_text("s")
    auth = "auth: {type: basic, username: u, password_file: secret}"
    assert books(tmp_path, f'schemas: {{main: {{registry: {{url: "https://r", ca: "{ca}", {auth}}}}}}}')
