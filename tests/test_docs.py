"""What the documents say must be so."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from zoneproxy.app.check import check_policies
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.lineage import LineageSteps
from zoneproxy.boundary.tally import Tally
from zoneproxy.config.audit import AuditConfig, QuarantineConfig
from zoneproxy.config.load import parse_config
from zoneproxy.config.model import Limits
from zoneproxy.config.schemas import RegistryConfig
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.controls import Action
from zoneproxy.policy.lint.finding import Severity
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.record_rules import Lineage
from zoneproxy.policy.references import check_references
from zoneproxy.wire.record import Record

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def yaml_blocks(document: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", document.read_text(), re.DOTALL | re.MULTILINE)


def test_the_example_configuration_of_the_readme_is_one() -> None:
    (config,) = [block for block in yaml_blocks(ROOT / "README.md") if block.startswith("listeners:")]
    assert parse_config(config).listeners[0].zone == "payments"


def test_the_flow_of_the_readme_is_one() -> None:
    (flows,) = [block for block in yaml_blocks(ROOT / "README.md") if block.startswith("flows:")]
    zones = "zones:\n" + "".join(
        f"  {z}: {{level: internal, owner: x, upstream: {z}}}\n" for z in ("payments", "analytics")
    )
    snapshot = load_policy([("zones.yaml", zones), ("flows.yaml", flows)], None, DETECTORS)
    assert len(snapshot.controls("payments", "analytics", "payments.completed")) == 4


def test_every_setting_of_the_configuration_document_is_one() -> None:
    listeners, sni, plaintext, upstreams, login, zones, rest, schemas = yaml_blocks(ROOT / "docs" / "configuration.md")
    config = parse_config(listeners + upstreams + login + zones + rest + schemas)
    assert config.schemas["main"].registry
    assert config.listeners[0].ports
    assert all(upstream.sasl and upstream.zones for upstream in config.upstreams.values())
    assert config.listeners[0].tls
    without_ports = re.sub(r"    advertised_host.*?(?=    tls:)", sni, listeners, flags=re.DOTALL)
    assert parse_config(without_ports + upstreams).listeners[0].sni
    without_tls = re.sub(r"    tls:\n(      .*\n)+", plaintext, listeners)
    assert parse_config(without_tls + upstreams).listeners[0].plaintext


def test_the_settings_and_the_flow_of_the_violations_document_are_some() -> None:
    flows, on_error, audit, quarantine = yaml_blocks(ROOT / "docs" / "violations.md")
    listeners, _, _, upstreams, *_ = yaml_blocks(ROOT / "docs" / "configuration.md")
    config = parse_config(listeners + upstreams + audit + quarantine)
    assert config.audit == AuditConfig(upstream="audit-kafka")
    assert config.quarantine == {"payments": QuarantineConfig(public_key="keys/quarantine-payments.pub")}
    zones = "zones:\n" + "".join(
        f"  {z}: {{level: internal, owner: x, upstream: {z}}}\n" for z in ("payments", "analytics")
    )
    snapshot = load_policy([("zones.yaml", zones), ("flows.yaml", flows)], None, DETECTORS)
    assert len(snapshot.controls("payments", "analytics", "orders")) == 4
    written = flows[: flows.index("    controls:")] + on_error
    milder = load_policy([("zones.yaml", zones), ("flows.yaml", written)], None, DETECTORS)
    actions = [control.on_error for control in milder.controls("payments", "analytics", "orders")]
    assert actions == [Action.QUARANTINE, Action.ALERT]


def test_the_controls_of_the_redaction_document_are_some() -> None:
    flows, *more = yaml_blocks(ROOT / "docs" / "redaction.md")
    zones = "zones:\n" + "".join(
        f"  {z}: {{level: internal, owner: x, upstream: {z}}}\n" for z in ("payments", "analytics")
    )
    snapshot = load_policy([("zones.yaml", zones), ("flows.yaml", flows + "".join(more))], None, DETECTORS)
    assert len(snapshot.controls("payments", "analytics", "payments.orders")) == 11


def test_the_zones_of_the_namespaces_document_share_an_upstream() -> None:
    (zones,) = yaml_blocks(ROOT / "docs" / "namespaces.md")
    made = load_policy([("zones.yaml", zones)]).zones.values()
    assert len({zone.upstream for zone in made}) == 1
    assert len({zone.namespace for zone in made}) == 2


def test_the_groups_and_grants_of_the_policy_document_are_right() -> None:
    blocks = yaml_blocks(ROOT / "docs" / "policies.md")
    groups, grants = (next(block for block in blocks if block.startswith(name)) for name in ("groups:", "grants:"))
    others = "\n".join(
        [
            "zones: {payments: {level: internal, owner: x, upstream: x}}",
            "principals: [{name: alice, zone: payments, groups: [analysts]}]",
            "roles: {analytics-user: [], payments-reader: [], payments-writer: []}",
        ]
    )
    policy = load_policy([("others.yaml", others), ("groups.yaml", groups), ("grants.yaml", grants)]).policy
    assert (len(policy.groups), len(policy.grants)) == (2, 2)


def test_the_limits_in_the_documents_are_the_defaults() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text()
    told = {name: int(value) for name, value in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, re.MULTILINE)}
    assert told == Limits().model_dump()
    of_registries = {
        name: int(value) for name, value in re.findall(r"^\| `registry\.(\w+)` \| (\d+) \|", text, re.MULTILINE)
    }
    registry = RegistryConfig(url="https://registry")
    assert of_registries == {name: value for name, value in registry.model_dump().items() if isinstance(value, int)}


def test_the_example_policies_are_good() -> None:
    findings = check_policies(ROOT / "policies", time.time()).findings
    assert [str(finding) for finding in findings if finding.severity > Severity.NOTE] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


def test_the_identity_document_is_right() -> None:
    configuration, policy = yaml_blocks(ROOT / "docs" / "identity.md")
    upstreams = 'upstreams: {kafka: {bootstrap: ["kafka:9093"], tls: {ca: ca.crt}}}\n'
    config = parse_config(configuration + upstreams)
    assert config.listeners[0].sasl
    snapshot = load_policy([("policy.yaml", policy)])
    assert check_references(config, snapshot) == []


def test_the_lineage_document_is_right() -> None:
    """Its policy is one, and whoever verifies by its words comes to what the proxy has sealed."""
    document = ROOT / "docs" / "lineage.md"
    (policy,) = yaml_blocks(document)
    assert len(load_policy([("policy.yaml", policy)]).policy.flows) == 2
    (code,) = re.findall(r"^```python\n(.*?)^```", document.read_text(), re.DOTALL | re.MULTILINE)
    words: dict[str, Any] = {}
    exec(code, words)  # what readers are told to run
    key, value, headers = words["RECORD"]
    (name, (zone, secret)) = next(iter(words["KEYS"].items()))
    record = Record(0, 0, 0, key, value, [(name.encode(), text) for name, text in headers])
    steps = LineageSteps([Lineage("line", ring=((zone, (name,)),))], {name: secret})
    tally = Tally()
    steps.verify(record, Crossing("produce", "t", 0, "analytics", "partners"), tally)
    assert [hop.topic for hop in tally.lineage] == ["payments.completed"]
    assert words["hops"](key, value + b" ", headers, words["KEYS"]) is None


def test_the_filters_of_the_policy_document_are_conditions() -> None:
    text = (ROOT / "docs" / "policies.md").read_text()
    section = text[text.index("#### Conditions") :]
    conditions = re.findall(r"^\| `(.*?)` \| ", section[: section.index("\n### ")], re.MULTILINE)
    assert len(conditions) > 8
    for condition in conditions:
        parse_condition(condition.replace("\\|", "|"))
