"""``zoneproxy check``: what would be loaded, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.app.load import load_all, policies_in

if TYPE_CHECKING:
    from pathlib import Path

    from zoneproxy.policy.snapshot import PolicySnapshot


def check_all(path: Path) -> str:
    """Check a configuration and everything it names. Raises InvalidConfiguration with every problem."""
    loaded = load_all(path)
    config = loaded.config
    parts = [_count(len(config.listeners), "listener"), _count(len(config.upstreams), "upstream")]
    return f"{path}: ok: {', '.join(parts)}, {_summary(loaded.snapshot)}"


def check_policies(directory: Path) -> str:
    """Check the policy files of a directory by themselves. Raises InvalidConfiguration with every problem."""
    return f"{directory}: ok: {_summary(policies_in(directory, None))}"


def _summary(snapshot: PolicySnapshot) -> str:
    policy = snapshot.policy
    counts = {"zone": policy.zones, "principal": policy.principals, "role": policy.roles, "flow": policy.flows}
    return ", ".join(_count(len(of), name) for name, of in counts.items()) + f"; policy digest {snapshot.digest}"


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
