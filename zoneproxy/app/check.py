"""``zoneproxy check``: what would be loaded, and what the linter says about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.app.files import read_policies
from zoneproxy.app.load import load_all, policies_in
from zoneproxy.policy.lint.lint import lint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sized

    from zoneproxy.policy.lint.finding import Finding
    from zoneproxy.policy.model import Grant
    from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Report:
    """What a check has found in files that can be used."""

    checked: str  # the file or directory
    digest: str
    counts: Mapping[str, int]  # how many there are of each kind of entry, by its name in the singular
    findings: tuple[Finding, ...]
    broken_glass: tuple[Grant, ...] = ()  # break-glass grants that are in force


def check_all(path: Path, now: float) -> Report:
    """Check a configuration and everything it names.

    Args:
        path: the configuration file.
        now: seconds since the epoch, for what has expired.

    Raises:
        InvalidConfiguration: with every problem of every file.
    """
    loaded = load_all(path)
    config = loaded.config
    counts = {"listener": len(config.listeners), "upstream": len(config.upstreams)}
    return _report(str(path), loaded.snapshot, Path(config.policies), counts, now)


def check_policies(directory: Path, now: float) -> Report:
    """Check the policy files of a directory by themselves; otherwise as ``check_all``."""
    return _report(str(directory), policies_in(directory, None), directory, {}, now)


def _report(checked: str, snapshot: PolicySnapshot, directory: Path, counts: Mapping[str, int], now: float) -> Report:
    policy = snapshot.policy
    always = {"zone": policy.zones, "principal": policy.principals, "role": policy.roles, "flow": policy.flows}
    where_any: dict[str, Sized] = {"group": policy.groups, "grant": policy.grants}
    entries = {**always, **{name: of for name, of in where_any.items() if of}}
    sources = read_policies(directory, [])
    return Report(
        checked=checked,
        digest=snapshot.digest,
        counts={**counts, **{name: len(of) for name, of in entries.items()}},
        findings=lint(policy, sources, now),
        broken_glass=tuple(grant for grant in policy.grants if grant.break_glass and grant.in_force(now)),
    )
