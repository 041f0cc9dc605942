from __future__ import annotations

from tests.policy.test_checks import merged
from zoneproxy.policy.shared_upstreams import check_sharing


def faults(*zones: str) -> list[str]:
    lines = [f"  z{number}: {{level: internal, owner: o, upstream: {zone}}}" for number, zone in enumerate(zones)]
    return [str(problem) for problem in check_sharing(merged("\n".join(["zones:", *lines, ""])).zones)]


def test_zones_that_get_on() -> None:
    assert faults("u") == []
    assert faults("u, namespace: a.") == []
    assert faults("u", "v, namespace: a.") == []
    assert faults("u, namespace: a.", "u, namespace: b.", "v, namespace: a.") == []


def test_zones_on_one_upstream_need_namespaces() -> None:
    (second_is_bare,) = faults("u", "u")
    assert second_is_bare == (
        "0:3:3: zones `z0` and `z1` share the upstream `u`, and `z1` has no namespace"
        " (give zone `z1` a `namespace` too, as in `namespace: z1.`, or an upstream of its own)"
    )
    (first_is_bare,) = faults("u", "u, namespace: b.")
    assert first_is_bare.startswith("0:3:59: zones `z0` and `z1` share the upstream `u`, and `z0` has no namespace")


def test_no_namespace_is_within_another() -> None:
    (found,) = faults("u, namespace: pay.", "u, namespace: x.", "u, namespace: pay.eu.")
    assert found.startswith(
        "0:4:59: zones `z0` and `z2` share the upstream `u`, and names of `pay.eu.` could meet names of `pay.`"
    )
    assert len(faults("u, namespace: a.", "u, namespace: a_")) == 1


def test_kafkas_own_topics_are_in_no_namespace() -> None:
    (found,) = faults("u, namespace: __")
    assert found.startswith("0:2:59: the reserved topic `__cluster_metadata` would be in the namespace `__`")


def test_what_is_wrong_in_itself_is_left_to_others() -> None:
    assert faults("u", "u, namespace: a/b") == []
