from __future__ import annotations

from zoneproxy.policy.definitions import NO_DEFINITIONS, AllowList, CustomDetector, Definitions, joined

BADGE = CustomDetector("BADGE", "B-[0-9]{6}", packs=("staff", "pci"))
DESK = CustomDetector("DESK", "D-[0-9]{6}", packs=("staff",))
TESTS = AllowList("test cards", ("pci",), values=("1",))
OURS = AllowList("our mail", ("EMAIL",), domains=("example.com",))
ALL = Definitions((BADGE, DESK), (TESTS, OURS))
PACKS = [("pci", ("PAYMENT_CARD", "IBAN"))]


def test_packs_are_those_that_are_built_in_and_those_of_the_policy() -> None:
    assert ALL.types_in(["pci", "staff", "EMAIL", "IBAN"], PACKS) == ("PAYMENT_CARD", "IBAN", "BADGE", "DESK", "EMAIL")
    assert NO_DEFINITIONS.types_in(["pci", "staff"], PACKS) == ("PAYMENT_CARD", "IBAN", "staff")


def test_only_what_makes_a_difference_is_carried_along() -> None:
    assert ALL.about(["EMAIL"], PACKS) == Definitions((), (OURS,))
    assert ALL.about(["DESK"], PACKS) == Definitions((DESK,), ())
    assert ALL.about(["PAYMENT_CARD"], PACKS) == Definitions((), (TESTS,))
    assert ALL.about(["pci"], iter(PACKS)) == Definitions((BADGE,), (TESTS,))
    assert NO_DEFINITIONS.about(["pci"], PACKS) == NO_DEFINITIONS


def test_joined_they_say_everything_once() -> None:
    assert joined([Definitions((BADGE,), (OURS,)), NO_DEFINITIONS, ALL]) == Definitions((BADGE, DESK), (OURS, TESTS))
    assert joined([]) == NO_DEFINITIONS
