from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.catalogue import NAMES
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.controls import RedactField
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, PeerFacts, Principal, SaslFacts

ZONES = """\
zones:
  payments: {level: restricted, owner: o, upstream: u1}
  analytics: {level: internal, owner: o, upstream: u2}
"""
ACCESS = """\
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}, roles: [reader]}
roles:
  reader: [{allow: [read, write], topic: t}]
"""
FLOWS = """\
flows:
  - {name: f, from: payments, to: analytics, topics: t, controls: [{redact: {field: $.a, with: hash, key: k}}]}
"""
FILES = [("access.yaml", ACCESS), ("flows.yaml", FLOWS), ("zones.yaml", ZONES)]
EXAMPLE = Path(__file__).parents[2] / "policies"
DETECTORS = {"PAYMENT_CARD", "US_SSN", "EMAIL", "IBAN"}


def faults(*sources: tuple[str, str], keys: set[str] | None = None) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        load_policy(sources, keys)
    return [str(problem) for problem in caught.value.problems]


def test_several_files_are_one_policy() -> None:
    snapshot = load_policy(FILES, {"k"}, DETECTORS)
    alice = snapshot.identify(PeerFacts(subject=(("CN", "alice"),)))
    assert alice is not None
    assert snapshot.topic_allowed(alice, "payments", Operation.READ, "t", "10.0.0.1")
    assert set(snapshot.zones) == {"payments", "analytics"}
    assert snapshot.keys_used() == {"k"}


def test_all_problems_of_all_files_file_by_file() -> None:
    access = ACCESS.replace("[reader]", "[raeder]").replace("read, write", "reed, write")
    zones = ZONES.replace("owner: o, upstream: u2", "upstream: u2") + "colour: red\n"
    found = faults(("access.yaml", access), ("flows.yaml", FLOWS + "a: &x b"), ("zones.yaml", zones), keys={"kk"})
    assert [fault.split(" (")[0] for fault in found] == [
        "access.yaml:2:74: there is no role `raeder`",
        "access.yaml:4:21: `reed` is not an operation",
        "flows.yaml:2:107: there is no key `k`",
        "flows.yaml:3:1: unknown key `a`",
        "flows.yaml:3:4: anchors",
        "zones.yaml:3:14: `owner` is missing",
        "zones.yaml:4:1: unknown key `colour`",
    ]


def test_a_policy_without_zones_is_none() -> None:
    assert faults() == ["policies: there are no zones"]
    assert faults(("a.yaml", "# nothing yet\n")) == ["a.yaml: there are no zones"]


def test_the_digest_is_that_of_the_meaning() -> None:
    digest = load_policy(FILES).digest
    assert len(digest) == 64
    rearranged = [("all.yaml", f"# one file\n{ZONES}\n{FLOWS}\n{ACCESS}".replace("topic: t", 'topic: ["t"]'))]
    assert load_policy(rearranged).digest == digest
    for old, new in (("reader: [{allow: [read, write]", "reader: [{allow: [read]"), ("owner: o", "owner: p")):
        changed = [(name, text.replace(old, new)) for name, text in FILES]
        assert changed != FILES
        assert load_policy(changed).digest != digest


def test_the_example_is_a_policy() -> None:
    sources = [(file.name, file.read_text("utf-8")) for file in sorted(EXAMPLE.glob("*.yaml"))]
    snapshot = load_policy(sources, {"analytics"}, NAMES)

    def who(name: str, company: str) -> PeerFacts:
        return PeerFacts(subject=(("O", company), ("CN", name)))

    service = snapshot.identify(who("payment-service", "Acme Payments"))
    dashboards = snapshot.identify(who("dashboards", "Acme Analytics"))
    operator = snapshot.identify(who("payments-operator", "Acme Payments"))
    assert service is not None
    assert dashboards is not None
    assert operator is not None
    assert snapshot.identify(who("dashboards", "Acme Payments")) is None
    host = "192.0.2.1"
    assert snapshot.topic_allowed(service, "payments", Operation.WRITE, "payments.completed", host)
    assert snapshot.topic_allowed(service, "analytics", Operation.WRITE, "settlements", host)
    assert not snapshot.topic_allowed(service, "payments", Operation.READ, "payments.completed", host)
    assert not snapshot.topic_allowed(service, "payments", Operation.WRITE, "payments.internal.x", host)
    assert snapshot.topic_allowed(dashboards, "payments", Operation.READ, "payments.completed", host)
    assert not snapshot.topic_allowed(dashboards, "payments", Operation.WRITE, "payments.completed", host)
    assert not snapshot.topic_allowed(dashboards, "payments", Operation.READ, "payments.refunds", host)
    assert snapshot.unrestricted(operator, "payments")
    assert not snapshot.unrestricted(operator, "analytics")
    fields = snapshot.controls("payments", "analytics", "payments.completed")
    assert [c.field for c in fields if isinstance(c, RedactField)] == [
        "$.customer.email",
        "$.card.number",
        "$.card.cvv",
    ]
    assert snapshot.controls("payments", "payments", "payments.completed") == ()


@given(st.text(alphabet="zonesprialwfu:-{}[], \n0129\"'*") | st.text())
def test_any_text_is_refused_with_a_list_of_problems(text: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        load_policy([("x.yaml", text)])
    assert caught.value.problems


@given(st.data())
def test_a_policy_with_a_piece_cut_out_never_crashes(data: st.DataObject) -> None:
    whole = ZONES + ACCESS + FLOWS
    start = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.sampled_from(["", "[", "{a: ", "\n", "x", ": ", "5", "null", '"*"', "- "]))
    with contextlib.suppress(InvalidConfiguration):
        load_policy([("x.yaml", whole[:start] + junk + whole[start + data.draw(st.integers(0, 9)) :])])


def test_who_is_written_down_comes_before_who_is_made_by_a_rule() -> None:
    rules = """
identities:
  - {name: users, zone: z, match: {sasl: "*"}, principal: {sasl: true}, roles: [reader]}
principals:
  - {name: ann, zone: z, match: {sasl: ann}}
  - {name: bob, zone: z, match: {subject: {CN: bob}}}
roles:
  reader: [{allow: read, topic: t}]
zones:
  z: {level: internal, owner: o, upstream: u}
"""
    snapshot = load_policy([("policy.yaml", rules)])

    def who(name: str) -> Principal | None:
        return snapshot.identify(PeerFacts(certified=False, sasl=SaslFacts("PLAIN", name)))

    ann, carol = who("ann"), who("carol")
    assert ann == Principal("ann", "z")
    assert carol == Principal("carol", "z", frozenset({"reader"}), rule="users")
    assert snapshot.topic_allowed(carol, "z", Operation.READ, "t", "h")
    assert not snapshot.topic_allowed(ann, "z", Operation.READ, "t", "h")
    assert who("bob") is None
    assert snapshot.policy.origins["identities", "users"].line == 3


def test_revoked_certificates_change_what_a_policy_means() -> None:
    rules = """
zones: {payments: {level: restricted, owner: a@example.com, upstream: k}}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}}
"""
    revoked = "revoked:\n  - {certificate: " + "ab" * 32 + ", reason: stolen}\n"
    lost = PeerFacts(subject=(("CN", "alice"),), fingerprint="ab" * 32)
    before, after = load_policy([("a.yaml", rules)]), load_policy([("a.yaml", rules), ("b.yaml", revoked)])
    assert before.identify(lost) is not None
    assert after.identify(lost) is None
    assert before.digest != after.digest
