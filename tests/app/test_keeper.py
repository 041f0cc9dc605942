from __future__ import annotations

import asyncio
import contextlib
import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from zoneproxy.app import keeper as keeper_module
from zoneproxy.app.keeper import PolicyKeeper
from zoneproxy.app.load import load_all
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.telemetry.health import Health, ZoneHealth
from zoneproxy.telemetry.log import make_logger
from zoneproxy.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.app.conftest import Installation

GRANT = """
grants:
  - {principal: alice, role: user, from: 1970-01-01T00:20:00Z, until: 1970-01-01T00:30:00Z, reason: r, approved_by: b}
"""


class Rig:
    """A keeper and what it tells."""

    def __init__(self, installation: Installation) -> None:
        self._out = io.StringIO()
        self.now = 1000.0
        loaded = load_all(installation.config)
        self.metrics = Metrics("1")
        self.health = Health(zones={"payments": ZoneHealth("payments-kafka")})
        logger = make_logger("info", "json", self._out)
        self.keeper = PolicyKeeper(
            loaded.config, loaded.snapshot, loaded.seen, self.metrics, self.health, logger, lambda: self.now
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.getvalue().splitlines()]

    def line(self, event: str) -> dict[str, Any]:
        return next(line for line in reversed(self.lines) if line["event"] == event)

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(f"zoneproxy_{name}", labels)


@contextmanager
def keeping(installation: Installation) -> Iterator[Rig]:
    rig = Rig(installation)
    rig.keeper.begin()
    yield rig


async def test_what_is_in_force_at_start_is_told(installation: Installation) -> None:
    with keeping(installation) as rig:
        digest = rig.line("policy in force")["digest"]
        assert rig.health.policy_digest == digest == rig.keeper.snapshot.digest
        assert rig.value("policy_loaded_timestamp_seconds") == 1000.0
        assert rig.value("policy_info", digest=digest) == 1
        assert rig.value("policy_refused") == 0


async def test_a_good_policy_is_taken_over(installation: Installation) -> None:
    with keeping(installation) as rig:
        before = rig.health.policy_digest
        installation.edit(installation.policy, "prefix: payments.", "prefix: paid.")
        await rig.keeper.reload("test")
        after = rig.health.policy_digest
        assert before != after
        assert rig.line("policy reloaded")["before"] == before
        assert rig.value("policy_reloads_total", result="loaded") == 1
        assert rig.value("policy_info", digest=after) == 1


async def test_a_bad_policy_changes_nothing_and_is_told_in_full(installation: Installation) -> None:
    with keeping(installation) as rig:
        before = rig.health.policy_digest
        installation.edit(installation.policy, "level: restricted", "level: restrcted")
        await rig.keeper.reload("test")
        assert rig.health.policy_digest == before
        assert rig.value("policy_reloads_total", result="refused") == 1
        problem = rig.line("policy problem")
        assert (problem["file"], problem["line"]) == ("policy.yaml", 2)
        assert "restrcted" in problem["problem"]
        assert "did you mean `restricted`" in problem["hint"]
        refused = rig.line("policy refused, the one before stays in force")
        assert (refused["digest"], refused["problems"]) == (before, 1)


async def test_a_zone_that_moves_to_another_cluster_needs_a_restart(installation: Installation) -> None:
    plaintext = 'plaintext: {accept: "the way to this upstream is not encrypted"}'
    other = f'  other-kafka:\n    bootstrap: ["127.0.0.1:1"]\n    {plaintext}\nkeys:'
    installation.edit(installation.config, "keys:", other)
    with keeping(installation) as rig:
        installation.edit(installation.policy, "upstream: payments-kafka", "upstream: other-kafka")
        await rig.keeper.reload("test")
        assert rig.value("policy_reloads_total", result="refused") == 1
        problem = rig.line("policy problem")
        assert problem["problem"] == "zone `payments` has moved from upstream `payments-kafka`"
        assert (problem["line"], problem["hint"]) == (2, "that needs a restart")


async def test_a_zone_that_moves_to_another_namespace_needs_a_restart(installation: Installation) -> None:
    with keeping(installation) as rig:
        installation.edit(installation.policy, "upstream: payments-kafka", "upstream: payments-kafka, namespace: p.")
        await rig.keeper.reload("test")
        assert rig.line("policy problem")["problem"] == "zone `payments` has moved from namespace ``"


async def test_a_fault_of_ours_while_reloading_changes_nothing_either(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with keeping(installation) as rig:
        before = rig.health.policy_digest

        def broken(_: object) -> None:
            raise KeyError("4111" + "1111")

        monkeypatch.setattr(keeper_module, "load_policies", broken)
        await rig.keeper.reload("test")
        assert rig.health.policy_digest == before
        refused = rig.line("policy refused, the one before stays in force")
        assert refused["error"].startswith("KeyError at ")
        assert "4111" not in json.dumps(rig.lines)


async def test_a_flood_of_problems_is_cut(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    with keeping(installation) as rig:

        def many(_: object) -> None:
            raise InvalidConfiguration([Problem("a.yaml", line, 1, "wrong") for line in range(1, 1000)])

        monkeypatch.setattr(keeper_module, "load_policies", many)
        await rig.keeper.reload("test")
        told = [line for line in rig.lines if line["event"] == "policy problem"]
        assert len(told) == keeper_module.MAX_PROBLEMS_LOGGED
        assert rig.line("policy refused, the one before stays in force")["problems"] == 999


async def test_a_refused_policy_shows_until_a_good_one_comes(installation: Installation) -> None:
    with keeping(installation) as rig:
        installation.edit(installation.policy, "level: restricted", "level: restrcted")
        refused = await rig.keeper.reload("test")
        assert not refused.loaded
        assert (refused.digest, len(refused.problems)) == (rig.keeper.snapshot.digest, 1)
        assert rig.value("policy_refused") == 1
        installation.edit(installation.policy, "level: restrcted", "level: restricted")
        assert (await rig.keeper.reload("test")).loaded
        assert rig.value("policy_refused") == 0


async def test_reloads_run_one_after_the_other(installation: Installation) -> None:
    with keeping(installation) as rig:
        done = await asyncio.gather(*(rig.keeper.reload(f"{number}") for number in range(5)))
        assert all(each.loaded for each in done)
        causes = [line["cause"] for line in rig.lines if line["event"] == "policy reloaded"]
        assert causes == ["0", "1", "2", "3", "4"]


async def test_grants_are_told_of_as_they_begin_and_end(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_module, "FOLLOW_SECONDS", 0.001)
    installation.policy.write_text(installation.policy.read_text() + GRANT)
    with keeping(installation) as rig:
        following = asyncio.create_task(rig.keeper.follow())
        for moment, event in ((1200.0, "grant in force"), (1800.0, "grant over")):
            assert event not in [line["event"] for line in rig.lines]
            rig.now = moment
            while event not in [line["event"] for line in rig.lines]:
                await asyncio.sleep(0)
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        assert rig.value("grants_in_force", kind="ordinary") == 0


async def test_a_grant_counts_as_soon_as_it_is_loaded(installation: Installation) -> None:
    with keeping(installation) as rig:
        rig.now = 1500.0
        installation.policy.write_text(installation.policy.read_text() + GRANT)
        await rig.keeper.reload("test")
        assert rig.line("grant in force")["holder"] == "alice"
        assert rig.value("grants_in_force", kind="ordinary") == 1


async def test_changed_files_are_read_once(installation: Installation) -> None:
    with keeping(installation) as rig:
        watching = asyncio.create_task(rig.keeper.watch(0.001))
        for prefix, now in (("payments.", "paid."), ("paid.", "settled.")):
            before = rig.keeper.snapshot.digest
            installation.edit(installation.policy, f"prefix: {prefix}", f"prefix: {now}")
            while rig.keeper.snapshot.digest == before:
                await asyncio.sleep(0.001)
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        assert rig.value("policy_reloads_total", result="loaded") == 2
