from __future__ import annotations

import pytest

from tests.policy.test_checks import faults

POLICY = """\
zones:
  a: {{level: internal, owner: o, upstream: u1}}
identities:
  - name: one
    zone: a
    match: {{oauth: {{issuer: "https://1"}}}}
    principal: {{claim: sub, prefix: "{0}"}}
  - name: two
    zone: a
    match: {1}
    principal: {2}
roles:
  reader: [{{allow: read, topic: t}}]
"""
OTHER = '{oauth: {issuer: "https://2"}}'


def test_what_fits_together() -> None:
    assert faults(POLICY.format("1:", OTHER, "{claim: sub, prefix: '2:'}")) == []
    assert faults(POLICY.format("1:", '{sasl: "*"}', "{sasl: true, prefix: '2:'}")) == []


@pytest.mark.parametrize(
    ("match", "principal"),
    [
        (OTHER, "{claim: sub}"),
        (OTHER, "{claim: sub, prefix: '1:2:'}"),
        ('{sasl: "*"}', "{sasl: true}"),
        ("{dns: a.b.c}", "{subject: CN}"),
        ('{oauth: {issuer: "https://1"}}', "{claim: email, prefix: '1:'}"),
    ],
)
def test_different_people_get_different_names(match: str, principal: str) -> None:
    (fault,) = faults(POLICY.format("1:", match, principal))
    assert "`two` and `one` could make the same name out of different people" in fault


def test_the_same_people_may_be_at_home_in_several_zones() -> None:
    assert faults(POLICY.format("1:", '{oauth: {issuer: "https://1"}}', "{claim: sub}")) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("name: two\n    zone: a", "name: two\n    zone: aa", "0:9:11: there is no zone `aa` (did you mean `a`?)"),
        ("prefix: '2:'}", "prefix: '2:'}\n    roles: [raeder]", "0:12:13: there is no role `raeder`"),
        ("name: two", "name: one", "0:8:5: an identity `one` is there already (the first one is at 0:4)"),
    ],
)
def test_references(old: str, new: str, problem: str) -> None:
    text = POLICY.format("1:", OTHER, "{claim: sub, prefix: '2:'}")
    (fault,) = faults(text.replace(old, new))
    assert problem in fault


def test_what_is_wrong_in_itself_is_told_once() -> None:
    assert faults(POLICY.format("1:", OTHER, "{}")) == []
