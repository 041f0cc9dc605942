"""What a topic may be called: whoever may create topics could otherwise carry data across in their names."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import re2

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.said.screen import Screen
from zoneproxy.boundary.topics import MAX_NAME_LENGTH

PLACE = "topic_name"
HOLDS_DATA = "The policy finds data in the topic's name that may not be there."
TOO_LONG = f"A topic's name has {MAX_NAME_LENGTH} characters at most."


class TopicNames:
    """Compiled once for each worker."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def refusal(self, name: str, ctx: Context, *, tell: bool = True) -> str | None:
        """Why no topic of that name may come into being, in a sentence that does not repeat it.

        ``tell``: leave facts behind; not where it is not yet known whether the topic is there already.
        """
        zone = ctx.snapshot.zones.get(ctx.session.zone)
        form = zone.topic_names if zone else None
        if form is not None and not _compiled(form).fullmatch(name):
            return f"Names of topics here have the form {form}"
        hearing = self._screen.hearing(ctx)
        if hearing is None:
            return None
        if len(name) > MAX_NAME_LENGTH:  # Kafka would refuse it, too: no need to look through it first
            return TOO_LONG
        allowed = hearing.allows(PLACE, name.encode())
        if tell:
            hearing.tell(ctx)
        return None if allowed else HOLDS_DATA


class _Form(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> _Form:
    """Its time is linear in the name."""
    form: _Form = re2.compile(pattern)
    return form
