"""An upstream's own words: they may name hosts, topics and whatever else a broker likes to tell.

They reach principals of the zone itself, if it has the upstream to itself; others get Kafka's default text for the
error. Where such words stand is taken from Kafka's definitions, so no reply can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.entity_fields import RESPONSE_TEXTS
from zoneproxy.wire.messages.message import Message


class TextsInterceptor:
    """Rewrites replies; nearest to the broker, so that the texts of our own refusals stay."""

    def __init__(self) -> None:
        self.apis = frozenset(ApiKey(key) for key in RESPONSE_TEXTS)

    def request(self, message: Message, ctx: Context) -> Outcome:
        """See the module."""
        return _REWRITTEN if withheld(ctx) else GO_ON


def withheld(ctx: Context) -> bool:
    """Whether the principal gets default texts only."""
    return ctx.home != ctx.session.zone or ctx.session.namespace is not None


def default_texts(response: Any, ctx: Context) -> bool:
    """Put Kafka's default text in for each of the upstream's."""
    edited = False
    for field in RESPONSE_TEXTS[ctx.header.api_key]:
        if field.min_version <= ctx.header.api_version <= field.max_version:
            *way, name = field.path
            for place in _places([response], way):
                edited |= _replace(place, name)
    return edited


_REWRITTEN = Forward(default_texts)


def _places(structs: Iterable[Any], way: list[str]) -> Iterator[Any]:
    """The structs at the end of the ``way``, which leads through lists and single structs."""
    if not way:
        yield from structs
        return
    for struct in structs:
        there = getattr(struct, way[0])
        if there is not None:
            yield from _places(there if isinstance(there, list) else [there], way[1:])


def _replace(place: Any, name: str) -> bool:
    """A text without an error is left out. Texts are named after their errors: ``error_message``, ``error_code``."""
    text = getattr(place, name)
    if not text:
        return False
    error = getattr(place, name.replace("message", "code"), 0)
    setattr(place, name, DEFAULT_MESSAGES.get(error, "") if error else None)
    return True
