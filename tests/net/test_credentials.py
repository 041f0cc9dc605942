from __future__ import annotations

from pathlib import Path

import pytest

from tests.identity.sasl.kit import RIGHT
from tests.net.harness import Recorder
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.identity.sasl.credentials_file import with_password
from zoneproxy.net import credentials as module
from zoneproxy.net.credentials import CredentialStore


class Told(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, int]] = []  # type: ignore[assignment]

    def credentials_loaded(self, users: int) -> None:
        self.told.append(("loaded", users))  # type: ignore[arg-type]

    def credentials_refused(self, problems: int) -> None:
        self.told.append(("refused", problems))  # type: ignore[arg-type]


def written(*users: str) -> str:
    text: str | None = None
    for user in users:
        text, _ = with_password(text, "", user, RIGHT, 4096)
    return text or ""


def test_changed_files_are_in_use_and_unusable_ones_are_not(tmp_path: Path) -> None:
    file, told = tmp_path / "c.yaml", Told()
    file.write_text(written("alice"))
    store = CredentialStore(str(file), told)
    first = store.credentials
    store.refresh()
    assert store.credentials is first
    file.write_text(written("alice", "bob"))
    store.refresh()
    assert len(store.credentials) == 2
    file.write_text("users: [")
    store.refresh()
    store.refresh()
    assert len(store.credentials) == 2
    file.unlink()
    store.refresh()
    assert len(store.credentials) == 2
    assert told.told == [("loaded", 1), ("loaded", 2), ("refused", 1), ("refused", 1)]


@pytest.mark.parametrize(
    ("content", "text"),
    [(None, "`zoneproxy credentials set NAME` writes it"), (b"", "is no credentials"), (b"\xff", "is no credentials")],
)
def test_what_cannot_be_used_at_first(tmp_path: Path, content: bytes | None, text: str) -> None:
    file = tmp_path / "c.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidConfiguration, match=text):
        CredentialStore(str(file), Recorder())


def test_a_folder_is_no_file_and_there_is_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        CredentialStore(str(tmp_path), Recorder())
    file = tmp_path / "c.yaml"
    file.write_text(written("alice"))
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    with pytest.raises(InvalidConfiguration, match="is no credentials file"):
        CredentialStore(str(file), Recorder())
