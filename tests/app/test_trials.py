from __future__ import annotations

from tests.policy.test_references import CONFIG, POLICY
from zoneproxy.app.trials import tried_out
from zoneproxy.config.load import parse_config
from zoneproxy.policy.load import load_policy


def told(config: str = CONFIG, policy: str = POLICY) -> list[tuple[str, str]]:
    return list(tried_out(parse_config(config, "z.yaml"), load_policy([("p.yaml", policy)])))


def test_nothing_is_tried_out_by_itself() -> None:
    assert told() == []


def test_listeners_zones_and_flows() -> None:
    config = CONFIG.replace("    zone: lab\n", "    zone: lab\n    observe: true\n")
    policy = POLICY.replace("lab: {", "lab: {observe: true, ").replace("key: k1", "key: k1, dry_run: true")
    assert told(config, policy) == [("listener", "lab"), ("zone", "lab"), ("flow", "f")]
    assert told(policy=POLICY.replace("{name: f,", "{name: f, observe: true,")) == [("flow", "f")]
