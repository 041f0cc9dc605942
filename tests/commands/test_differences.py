from __future__ import annotations

import json
from dataclasses import replace

from zoneproxy.commands.differences import as_json, as_text
from zoneproxy.policy.acl import literal
from zoneproxy.policy.controls import Action, Detect, RedactField
from zoneproxy.policy.difference.atoms import Atom
from zoneproxy.policy.difference.controls import SaidInZone, Treatment
from zoneproxy.policy.difference.difference import Difference
from zoneproxy.policy.difference.entries import EntryChange
from zoneproxy.policy.difference.summary import Change
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.record_rules import Lineage
from zoneproxy.policy.transforms import Transform, TransformKind

READ, WRITE, TOPIC = Operation.READ, Operation.WRITE, ResourceType.TOPIC
T, P, REST = Atom(literal("t"), "t"), Atom(Pattern(PatternKind.PREFIX, "p."), "p."), Atom(ANY, "a")
ALERT = Detect("", ("EMAIL",), 0.5, Action.ALERT)
REMOVE = RedactField("", "$.a", Transform(TransformKind.REMOVE))


def change(resource: ResourceType, *atoms: Atom, every: bool = False, gained: bool = True, **more: object) -> Change:
    return Change(gained, "alice", (), "z", resource, (READ, WRITE), atoms, every, **more)  # type: ignore[arg-type]


def text(*parts: object) -> list[str]:
    entries = tuple(part for part in parts if isinstance(part, EntryChange))
    changes = tuple(part for part in parts if isinstance(part, Change))
    treatments = tuple(part for part in parts if isinstance(part, Treatment))
    said = tuple(part for part in parts if isinstance(part, SaidInZone))
    return as_text(Difference(entries, changes, treatments, said)).splitlines()


def test_nothing() -> None:
    assert text() == ["no decision changes, and nothing is done to records otherwise"]


def test_entries() -> None:
    lines = text(EntryChange("zone", "one", "new"), EntryChange("principals", "", "their order"))
    assert lines == ["entries", "  zone one: new", "  principals: their order"]


def test_rights_under_who_and_where() -> None:
    in_groups = Change(False, "alice", ("g", "h"), "z", TOPIC, (READ,), (P,), every=False)
    assert text(
        change(TOPIC, T),
        change(TOPIC, T, P, REST, circumstances="from 10.0.0.1"),
        change(ResourceType.TRANSACTIONAL_ID, T, P, every=True, since=0.0, until=3600.0),
        change(ResourceType.CLUSTER, T, every=True, gained=False),
        in_groups,
    ) == [
        "rights (+ may from now on, - may no longer)",
        "  alice, zone z",
        "    + read, write topic t",
        "    + read, write topics t, p.*, any other from 10.0.0.1",
        "    + read, write all transactional ids from 1970-01-01T00:00:00Z on until 1970-01-01T01:00:00Z",
        "    - read, write the cluster",
        "  alice in g and h, zone z",
        "    - read topics p.*",
    ]


def test_records_between_zones_and_within_one() -> None:
    lines = text(
        Treatment("a", "b", (T,), (ALERT,), (REMOVE,)),
        Treatment("a", "b", (P,), None, ()),
        Treatment("a", "b", (REST,), (ALERT,), None),
        Treatment("a", "a", (T, P), (ALERT, REMOVE), (REMOVE, ALERT)),
        Treatment("b", "a", (T,), (Lineage("", ring=(("b", ("k1",)),)),), (Lineage("", ring=(("b", ("k2",)),)),)),
    )
    alert = "detect: {types: [EMAIL], confidence: 0.5, action: alert}"
    remove = "redact: {field: $.a, with: remove}"
    assert lines == [
        "records (+ done from now on, - no longer)",
        "  a → b, topic t",
        f"    - {alert}",
        f"    + {remove}",
        "  a → b, topics p.*",
        "    + a flow carries them, as they are",
        "  a → b, topics any other",
        "    - no flow carries them any more",
        "  within a, topics t, p.*",
        f"    the same controls in another order: {remove}; {alert}",
        "  b → a, topic t",
        "    the same controls with other keys, detectors or allow-lists: lineage: {}",
    ]


def test_json_says_the_same() -> None:
    parts = ((EntryChange("zone", "one", "new"),), (change(TOPIC, P),), (Treatment("a", "b", (T,), None, (REMOVE,)),))
    told = json.loads(as_json(Difference(*parts)))
    assert told["changed"] is True
    assert told["entries"] == [{"kind": "zone", "name": "one", "what": "new"}]
    assert told["rights"][0]["names"] == [{"pattern": "prefix", "name": "p.", "example": "p."}]
    assert told["records"] == [
        {
            "from": "a",
            "to": "b",
            "topics": [{"pattern": "literal", "name": "t", "example": "t"}],
            "before": None,
            "after": ["redact: {field: $.a, with: remove}"],
        }
    ]


def test_what_is_said_beside_records() -> None:
    change = SaidInZone("a", (ALERT,), (replace(ALERT, action=Action.BLOCK),))
    assert text(change) == [
        "beside records (+ done from now on, - no longer)",
        "  in a, and by those at home there",
        "    - detect: {types: [EMAIL], confidence: 0.5, action: alert}",
        "    + detect: {types: [EMAIL], confidence: 0.5, action: block}",
    ]
    assert json.loads(as_json(Difference((), (), (), (SaidInZone("a", (), (ALERT,)),))))["beside_records"] == [
        {"zone": "a", "before": [], "after": ["detect: {types: [EMAIL], confidence: 0.5, action: alert}"]}
    ]
