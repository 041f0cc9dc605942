from __future__ import annotations

import pytest

from zoneproxy.config.located import read_yaml
from zoneproxy.errors import Problem
from zoneproxy.policy.checks import check
from zoneproxy.policy.merge import Entries, add_file

GOOD = """\
zones:
  payments: {level: restricted, owner: o, upstream: u1}
  analytics: {level: internal, owner: o, upstream: u2}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}, roles: [reader, unrestricted]}
  - {name: bob, zone: analytics, roles: [reader]}
roles:
  reader: [{allow: read, topic: t}]
flows:
  - name: f
    from: payments
    to: analytics
    topics: t
    controls:
      - detect: {types: [EMAIL], action: block}
      - redact: {field: $.a, with: hash, key: k1}
"""


def merged(*texts: str) -> Entries:
    entries, problems = Entries(), list[Problem]()
    for number, text in enumerate(texts):
        add_file(entries, read_yaml(text, f"{number}", problems), problems)
    return entries


def faults(*texts: str, keys: set[str] | None = None, types: set[str] | None = None) -> list[str]:
    return [str(problem) for problem in check(merged(*texts), keys, types)]


def test_what_fits_together() -> None:
    assert faults(GOOD) == []
    assert faults(GOOD, keys={"k1"}, types={"EMAIL"}) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("level: internal", "level: internl", "0:3:22: there is no level `internl` (did you mean `internal`?)"),
        ("zone: analytics", "zone: analytic", "0:6:23: there is no zone `analytic` (did you mean `analytics`?)"),
        ("roles: [reader]", "roles: [raeder]", "0:6:42: there is no role `raeder` (did you mean `reader`?)"),
        ("from: payments", "from: payment", "0:11:11: there is no zone `payment` (did you mean `payments`?)"),
        ("to: analytics", "to: x", "0:12:9: there is no zone `x` (known: `analytics`, `payments`)"),
        ("types: [EMAIL]", "types: [MAIL]", "0:15:25: there is no detector `MAIL` (did you mean `EMAIL`?)"),
        ("key: k1", "key: k2", "0:16:47: there is no key `k2` (known: `k1`)"),
    ],
)
def test_references_to_what_is_not_there(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    assert faults(GOOD.replace(old, new), keys={"k1"}, types={"EMAIL"}) == [problem]


def test_detectors_of_redactions_are_checked_too() -> None:
    text = GOOD.replace("field: $.a, with: hash, key: k1", "types: EMIAL, with: remove")
    assert "there is no detector `EMIAL`" in faults(text, types={"EMAIL"})[0]
    assert faults(text) == []


def test_names_that_are_given_twice_name_both_places() -> None:
    assert faults(GOOD, GOOD.replace("CN: alice", "CN: other")) == [
        "1:2:3: a zone `payments` is there already (the first one is at 0:2)",
        "1:3:3: a zone `analytics` is there already (the first one is at 0:3)",
        "1:8:3: a role `reader` is there already (the first one is at 0:8)",
        "1:5:5: a principal `alice` is there already (the first one is at 0:5)",
        "1:6:5: a principal `bob` is there already (the first one is at 0:6)",
        "1:10:5: a flow `f` is there already (the first one is at 0:10)",
    ]


def test_levels_are_written_once_and_differ() -> None:
    assert faults("levels: [a, b, a]", "levels: [a]") == [
        "1:1:1: `levels` is there already (the first one is at 0:1)",
        "0:1:16: the level `a` is listed twice (lowest first, each once)",
    ]


def test_a_principal_behind_one_with_the_same_match_is_never_reached() -> None:
    text = GOOD.replace("{name: bob, zone: analytics,", "{name: bob, zone: analytics, match: {subject: {CN: alice}},")
    assert faults(text) == ["0:6:41: `bob` would never be reached: `alice` matches the same clients (see 0:5)"]


def test_the_same_match_twice_in_one_principal_harms_nobody() -> None:
    text = GOOD.replace("match: {subject: {CN: alice}}", "match: [{subject: {CN: alice}}, {subject: {CN: alice}}]")
    assert faults(text) == []


def test_unrestricted_is_built_in() -> None:
    assert (
        "the role `unrestricted` is built in" in faults(GOOD.replace("  reader:", "  unrestricted: []\n  reader:"))[0]
    )


def test_wrong_entries_count_by_name_and_are_not_looked_into() -> None:
    text = GOOD.replace("payments: {level: restricted,", "payments: {level: 5,").replace("to: analytics", "to: 5")
    assert faults(text.replace("{allow: read,", "{allow: reed,").replace("{CN: alice}", "{CM: alice}")) == []


def test_detectors_of_a_zone_exist() -> None:
    text = GOOD.replace("upstream: u2}", "upstream: u2, beside_records: {types: [EMAIL, EMIAL], action: block}}")
    assert faults(text) == []
    (fault,) = faults(text, types={"EMAIL"})
    assert "`EMIAL`" in fault
    assert "0:3" in fault


def test_of_controls_that_look_together_none_can_be_milder_than_the_others_about_what_they_cannot_look_into() -> None:
    mild = GOOD.replace("action: block}", "action: block, on_error: alert}")
    assert faults(mild) == []  # the other control is about fields
    others = "      - detect: {types: [IBAN], action: alert}\n"
    (fault,) = faults(mild + others)
    assert fault.startswith("0:15:59: `on_error` has no effect: a `detect` of the same flow asks for `block`")
    assert faults(mild + others.replace("alert}", "alert, on_error: alert}")) == []
    assert faults(mild + others.replace("alert}", "alert, dry_run: true}")) == []
    fields = GOOD.replace("key: k1}", "key: k1, on_error: allow}") + "      - allow: {fields: [$.a]}\n"
    (fault,) = faults(fields)
    assert "`on_error` has no effect: a `allow` of the same flow" in fault


def test_what_is_said_beside_records_has_no_on_error() -> None:
    beside = "upstream: u1, beside_records: {types: [EMAIL], action: block, on_error: alert}"
    (fault,) = faults(GOOD.replace("upstream: u1", beside))
    assert fault.startswith("0:2:")
    assert "`on_error` is about records" in fault
