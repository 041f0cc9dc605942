"""The texts of policies/*.yaml → PolicySnapshot, or every problem in all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence

from zoneproxy.config.located import read_yaml
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.check_detectors import check_detectors, names_of
from zoneproxy.policy.checks import check
from zoneproxy.policy.compile import compile_policy
from zoneproxy.policy.merge import Entries, add_file, level_names
from zoneproxy.policy.named import check_named
from zoneproxy.policy.snapshot import PolicySnapshot


def load_policy(
    sources: Sequence[tuple[str, str]],
    known_keys: Collection[str] | None = None,
    known_types: Collection[str] | None = None,
    is_slow: Callable[[str], bool] | None = None,
) -> PolicySnapshot:
    """Check policy files and compile them.

    Args:
        sources: (name, text) of each file, in an order that stays the same: where several principals match one
            certificate, the first one written wins.
        known_keys: the names that ``key:`` may have; None: not checked here.
        known_types: the names of the detectors there are; None: not checked.
        is_slow: whether a detector's pattern is too slow to look for; None: not measured.

    Raises:
        InvalidConfiguration: with every problem of every file, file by file.
    """
    problems: list[Problem] = []
    entries = Entries()
    for name, text in sources:
        add_file(entries, read_yaml(text, name, problems), problems)
    known = None if known_types is None else names_of(entries).union(known_types)
    problems += check(entries, known_keys, known)
    problems += check_detectors(entries, known_types, is_slow)
    problems += check_named(entries)
    if not entries.zones and not problems:
        problems.append(Problem(sources[0][0] if sources else "policies", 0, 0, "there are no zones"))
    if problems:
        order = {name: number for number, (name, _) in reversed(list(enumerate(sources)))}
        raise InvalidConfiguration(
            sorted(dict.fromkeys(problems), key=lambda each: (order.get(each.file, 0), each.line, each.column))
        )
    return PolicySnapshot(compile_policy(entries, digest_of(entries)))


def digest_of(entries: Entries) -> str:
    """SHA-256 (hex) of what the files mean: comments, layout and the split into files make no difference."""
    meaning = {
        "levels": level_names(entries),
        "zones": {e.name: e.value.model_dump(mode="json") for e in entries.zones if e.value},
        "principals": [e.value.model_dump(mode="json") for e in entries.principals if e.value],
        "roles": {e.name: [rule.model_dump(mode="json") for rule in e.value or ()] for e in entries.roles},
        "identities": [e.value.model_dump(mode="json") for e in entries.identities if e.value],
        "groups": {e.name: e.value.model_dump(mode="json") for e in entries.groups if e.value},
        "revoked": sorted(e.value.certificate for e in entries.revoked if e.value),
        "grants": [e.value.model_dump(mode="json") for e in entries.grants if e.value],
        "detectors": [e.value.model_dump(mode="json") for e in entries.detectors if e.value],
        "allow_lists": [e.value.model_dump(mode="json") for e in entries.allow_lists if e.value],
        "flows": [e.value.model_dump(mode="json") for e in entries.flows if e.value],
    }
    text = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
