from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from zoneproxy.app.granting import Grant, grant, revoke
from zoneproxy.app.load import load_all, policies_in
from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from pathlib import Path

    from tests.app.conftest import Installation

NOW = 1_800_000_000.0


def entry(role: str = "user", until: str = "2030-01-01T00:00:00Z", **more: str) -> Grant:
    return {"principal": "alice", "role": role, "until": until, "reason": "INC-1", "approved_by": "bob", **more}


def written(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.name[0] != ".")


@pytest.fixture
def directory(installation: Installation) -> Path:
    return installation.policy.parent


def test_the_first_grant_makes_a_file(directory: Path) -> None:
    done = grant(directory, None, entry())
    assert written(directory) == ["grants.yaml", "policy.yaml"]
    (change,) = done.changes
    assert (change.file, change.before) == (directory / "grants.yaml", "")
    assert change.after == (directory / "grants.yaml").read_text()
    snapshot = policies_in(directory, None)
    assert snapshot.digest == done.digest
    assert [each.holder for each in snapshot.policy.grants] == ["alice"]


def test_later_ones_go_where_the_others_are(directory: Path, installation: Installation) -> None:
    installation.policy.write_text(installation.policy.read_text() + "grants:  # here\n")
    grant(directory, None, entry())
    assert written(directory) == ["grants.yaml", "policy.yaml"]
    grant(directory, None, entry("unrestricted"))
    grant(directory, None, entry("unrestricted"), "on-call.yaml")
    grant(directory, None, entry())
    assert written(directory) == ["grants.yaml", "on-call.yaml", "policy.yaml"]
    assert (directory / "grants.yaml").read_text().count("- {principal") == 3
    assert len(policies_in(directory, None).policy.grants) == 4


@pytest.mark.parametrize("name", ["../x.yaml", "x.txt", ".x.yaml", "a/b.yaml"])
def test_other_files_are_not_written(directory: Path, name: str) -> None:
    with pytest.raises(InvalidConfiguration, match="is no policy file of it"):
        grant(directory, None, entry(), name)


def test_what_would_not_be_right_changes_nothing(directory: Path) -> None:
    for wrong, message in (
        (entry("usr"), "did you mean `user`"),
        (entry(until="soon"), "is not a moment"),
        (entry(approved_by="alice"), "approves its own"),
    ):
        with pytest.raises(InvalidConfiguration, match=message):
            grant(directory, None, wrong)
    assert written(directory) == ["policy.yaml"]


def test_a_policy_that_is_wrong_already_is_told_as_it_is(directory: Path, installation: Installation) -> None:
    installation.edit(installation.policy, "level: restricted", "level: restrcted")
    with pytest.raises(InvalidConfiguration, match="restrcted"):
        grant(directory, None, entry())
    (directory / "bad.yaml").write_bytes(b"\xff")
    with pytest.raises(InvalidConfiguration, match="UTF-8"):
        grant(directory, None, entry())
    assert "grants.yaml" not in written(directory)


def test_it_must_fit_the_configuration_where_one_is_given(directory: Path, installation: Installation) -> None:
    config = load_all(installation.config).config
    assert grant(directory, config, entry()).changes
    installation.edit(installation.policy, "key: analytics", "key: analitics")
    grant(directory, None, entry())
    with pytest.raises(InvalidConfiguration, match="analitics"):
        grant(directory, config, entry())


def test_revoked_is_what_is_not_over(directory: Path) -> None:
    grant(directory, None, entry(until="2020-01-01T00:00:00Z"))
    grant(directory, None, entry(until="2029-01-01T00:00:00Z"), "on-call.yaml")
    grant(directory, None, entry())
    grant(directory, None, entry("unrestricted"))
    done = revoke(directory, None, ("principal", "alice"), "user", NOW)
    assert [(change.file.name, len(change.grants)) for change in done.changes] == [
        ("grants.yaml", 1),
        ("on-call.yaml", 1),
    ]
    left = policies_in(directory, None).policy.grants
    assert [(each.role, each.until < NOW) for each in left] == [("user", True), ("unrestricted", False)]


def test_nothing_to_revoke_is_a_problem_with_a_hint(directory: Path) -> None:
    grant(directory, None, entry())
    for holder, role, hint in (
        (("principal", "alice"), "usr", "did you mean `user`"),
        (("principal", "eve"), "user", "no grant"),
        (("group", "alice"), "user", "no grant"),
    ):
        with pytest.raises(InvalidConfiguration, match=hint):
            revoke(directory, None, holder, role, NOW)
    with pytest.raises(InvalidConfiguration, match="no grant"):
        revoke(directory, None, ("principal", "alice"), "user", 1.9e9)


def test_many_at_once_lose_nothing(directory: Path) -> None:
    threads = [
        threading.Thread(target=grant, args=(directory, None, entry(reason=f"INC-{number}"))) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reasons = {each.reason for each in policies_in(directory, None).policy.grants}
    assert reasons == {f"INC-{number}" for number in range(8)}
