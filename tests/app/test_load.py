from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zoneproxy.app.load import load_all, load_policies, policies_from, policies_in
from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from tests.app.conftest import Installation


def problems_of(path: Path) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        load_all(path)
    return [str(problem) for problem in caught.value.problems]


def test_everything_is_read(installation: Installation) -> None:
    loaded = load_all(installation.config)
    assert loaded.config.policies == str(installation.folder / "policies")
    assert set(loaded.snapshot.zones) == {"payments"}
    assert loaded.keys["analytics"] == b"0123456789abcdef" * 4
    assert len(loaded.snapshot.digest) == 64


def test_a_missing_configuration_is_said_plainly(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none.yaml")
    assert problem.endswith("none.yaml: cannot be read: No such file or directory")


def test_problems_of_all_files_come_at_once(installation: Installation) -> None:
    installation.edit(installation.policy, "roles: [user]", "roles: [usr]")
    (installation.folder / "analytics.key").write_text("short")
    plaintext = 'plaintext: {accept: "the way to this upstream is not encrypted"}'
    installation.edit(installation.config, plaintext, "tls: {ca: none.crt}")
    found = "\n".join(problems_of(installation.config))
    assert "policy.yaml:4:" in found
    assert "did you mean `user`?" in found
    assert "analytics.key" in found
    assert "none.crt: TLS files of upstream payments-kafka cannot be used: missing" in found


@pytest.mark.parametrize("named", ["", "policies: policies\n", "policies: 7\n"])
def test_a_wrong_configuration_does_not_hide_what_is_wrong_with_the_policies(
    installation: Installation, named: str
) -> None:
    installation.edit(installation.config, "admin:", f"{named}admn: {{}}\nadmin:")
    installation.edit(installation.policy, "level: restricted", "level: restrcted")
    found = problems_of(installation.config)
    assert any("unknown key `admn`" in problem for problem in found)
    assert any("there is no level `restrcted`" in problem for problem in found)


def test_a_configuration_that_is_no_mapping_still_has_its_policies_checked(installation: Installation) -> None:
    installation.config.write_text("- a list\n")
    installation.edit(installation.policy, "level: restricted", "level: restrcted")
    assert any("restrcted" in problem for problem in problems_of(installation.config))


def test_the_key_of_a_quarantine_is_tried(installation: Installation) -> None:
    installation.edit(installation.config, "admin:", "quarantine: {payments: {public_key: missing.pub}}\nadmin:")
    (problem,) = problems_of(installation.config)
    assert f"{installation.folder / 'missing.pub'}: quarantine of zone `payments`: cannot be read" in problem


def test_policies_must_fit_the_configuration(installation: Installation) -> None:
    config = load_all(installation.config).config
    installation.edit(installation.policy, "upstream: payments-kafka", "upstream: other-kafka")
    with pytest.raises(InvalidConfiguration, match="has no upstream `other-kafka`"):
        load_policies(config)


def test_policies_alone_may_name_any_key_but_only_known_detectors(installation: Installation) -> None:
    directory = installation.policy.parent
    installation.edit(installation.policy, "key: analytics", "key: other")
    assert set(policies_in(directory, None).zones) == {"payments"}
    with pytest.raises(InvalidConfiguration, match="there is no key `other`"):
        policies_in(directory, {"analytics"})
    installation.edit(installation.policy, "EMAIL", "EMIAL")
    with pytest.raises(InvalidConfiguration, match="did you mean `EMAIL`"):
        policies_in(directory, None)


def test_a_directory_without_policies_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="no policy files in here"):
        policies_in(tmp_path, None)


def test_tls_files_of_listeners_are_tried(installation: Installation) -> None:
    plaintext = 'plaintext: {accept: "clients are neither encrypted nor identified", principal: alice}'
    installation.edit(installation.config, plaintext, "tls: {certificate: a.crt, key: a.key, client_ca: ca.crt}")
    assert any("TLS files of listener payments cannot be used" in line for line in problems_of(installation.config))


def test_secrets_for_upstreams_are_tried(installation: Installation) -> None:
    sasl = "\n    sasl: {mechanism: SCRAM-SHA-512, username: zoneproxy, password_file: kafka.password}\nkeys:"
    installation.edit(installation.config, "\nkeys:", sasl)
    with pytest.raises(InvalidConfiguration) as caught:
        load_all(installation.config)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [
        (str(installation.folder / "kafka.password"), 0)
    ]
    (installation.folder / "kafka.password").write_text("hush")
    assert load_all(installation.config)


def test_the_token_for_admin_calls_is_tried(installation: Installation) -> None:
    installation.edit(installation.config, "admin: {", "admin: {token_file: admin.token, ")
    assert any("admin.token: cannot be read" in line for line in problems_of(installation.config))
    (installation.folder / "admin.token").write_text("0123456789abcdef" * 2)
    assert load_all(installation.config).config.admin.token_file == str(installation.folder / "admin.token")


def test_policies_from_texts_are_checked_as_those_from_files(installation: Installation) -> None:
    config = load_all(installation.config).config
    text = installation.policy.read_text()
    assert policies_from([("p", text)], config).digest == load_all(installation.config).snapshot.digest
    for old, new in (("key: analytics", "key: other"), ("upstream: payments-kafka", "upstream: other")):
        with pytest.raises(InvalidConfiguration, match="other"):
            policies_from([("p", text.replace(old, new))], config)
        assert policies_from([("p", text.replace(old, new))], None)
