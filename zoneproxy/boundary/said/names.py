"""What a topic may be called: whoever may create topics could otherwise carry data across in their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Protocol

import re2

from zoneproxy.boundary.interceptor import Context, Eventually
from zoneproxy.boundary.said.screen import Hearing, Screen, aside
from zoneproxy.boundary.topics import MAX_NAME_LENGTH

PLACE = "topic_name"
HOLDS_DATA = "The policy finds data in the topic's name that may not be there."
TOO_LONG = f"A topic's name has {MAX_NAME_LENGTH} characters at most."


class TopicNames:
    """Compiled once for each worker."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def refusals(self, names: Collection[str], ctx: Context, *, tell: bool = True) -> Eventually[dict[str, str]]:
        """Those of ``names`` that no new topic may have, each with why, in a sentence that does not repeat it.

        Much is looked through off the event loop. ``tell``: leave facts behind; not where it is not yet known whether
        the topics are there already.
        """
        hearing, form = self._screen.hearing(ctx), _form(ctx)
        if hearing is None and form is None:
            return {}
        unknown = 0 if hearing is None else sum(len(name) for name in names if not hearing.is_known(name.encode()))

        def decide() -> dict[str, str]:
            refused = {name: why for name in names if (why := _by_form(name, form, hearing))}
            others = [name for name in names if name not in refused]
            if hearing is not None:
                refused |= dict.fromkeys(_forbidden(others, hearing), HOLDS_DATA)
                if tell:
                    hearing.tell(ctx)
            return refused

        return aside(decide, unknown)

    def refusal(self, name: str, hearing: Hearing | None, ctx: Context) -> str | None:
        """The same of one name, at once; whoever asks tells what was heard."""
        why = _by_form(name, _form(ctx), hearing)
        if why is None and hearing is not None and not hearing.allows(PLACE, name.encode()):
            return HOLDS_DATA
        return why


def _form(ctx: Context) -> str | None:
    zone = ctx.snapshot.zones.get(ctx.session.zone)
    return zone.topic_names if zone else None


def _by_form(name: str, form: str | None, hearing: Hearing | None) -> str | None:
    """What is wrong with the name for all that is looked for. Longer ones Kafka would refuse, too: no need to look."""
    if form is None and hearing is None:
        return None
    if len(name) > MAX_NAME_LENGTH:
        return TOO_LONG
    return None if form is None or _compiled(form).fullmatch(name) else f"Names of topics here have the form {form}"


def _forbidden(names: Collection[str], hearing: Hearing) -> Iterable[str]:
    """Those that hold data, or may: of very many it is not told which."""
    if hearing.is_too_much(PLACE, [name.encode() for name in names]):
        return names
    return [name for name in names if not hearing.allows(PLACE, name.encode())]


class _Form(Protocol):
    def fullmatch(self, text: str) -> object | None: ...


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> _Form:
    """Its time is linear in the name."""
    form: _Form = re2.compile(pattern)
    return form
