"""What a policy itself defines about data: detectors of its own, and values that are no findings. Plain values.

Whoever looks for data carries the definitions that concern it, so that what it does depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustomDetector:
    """A detector that the policy writes down.

    ``alone`` is the confidence (0..1) of a value that looks right, 0 if it needs a word; ``near_word`` that of one near
    any of ``words``. ``check`` names a check digit rule that it must obey as well, "" if there is none. A value touches
    no letter or digit, unless ``within_words``.
    """

    name: str
    pattern: str
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    alone: float = 0.5
    near_word: float = 0.9
    check: str = ""
    within_words: bool = False
    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllowList:
    """Values that are never findings of ``types``: test cards, addresses of one's own domains.

    ``values`` are compared without spaces and dashes, ``domains`` with what stands behind the last @ (and whatever is
    below them), ``pattern`` with the whole value.
    """

    name: str
    types: tuple[str, ...]
    values: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Definitions:
    """All that a policy defines, or the part of it that concerns some types."""

    detectors: tuple[CustomDetector, ...] = ()
    allowed: tuple[AllowList, ...] = ()

    def types_in(self, names: Iterable[str], packs: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
        """Types as they are, packs as the types in them, each once. ``packs`` are those that are built in."""
        by_pack = {name: list(types) for name, types in packs}
        for detector in self.detectors:
            for pack in detector.packs:
                by_pack.setdefault(pack, []).append(detector.name)
        return tuple(dict.fromkeys(type_ for name in names for type_ in by_pack.get(name, [name])))

    def about(self, types: Iterable[str], packs: Iterable[tuple[str, tuple[str, ...]]]) -> Definitions:
        """Those that make a difference to who looks for ``types``, or packs of them."""
        packs = tuple(packs)
        wanted = frozenset(self.types_in(types, packs))
        if not (self.detectors or self.allowed):
            return self
        return Definitions(
            tuple(detector for detector in self.detectors if detector.name in wanted),
            tuple(one for one in self.allowed if not wanted.isdisjoint(self.types_in(one.types, packs))),
        )


NO_DEFINITIONS = Definitions()


def joined(several: Iterable[Definitions]) -> Definitions:
    """What they say together, each once."""
    all_of_them = tuple(dict.fromkeys(several))
    return Definitions(
        tuple(dict.fromkeys(detector for each in all_of_them for detector in each.detectors)),
        tuple(dict.fromkeys(one for each in all_of_them for one in each.allowed)),
    )
