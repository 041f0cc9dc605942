"""What Kafka's definitions do not say of the names in one API, by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zoneproxy.boundary.interceptor import Close, Context, Reply
from zoneproxy.boundary.namespace.translation import Names


@dataclass(frozen=True, slots=True)
class Special:
    """Done to a request whose other names are physical already.

    ``before`` is done to the reply before its names become virtual, ``after`` afterwards, when the request is as it
    was for those above, save for what ``after`` itself has to put back.
    """

    before: Callable[[Any], None] | None = None
    after: Callable[[Any], None] | None = None
    edited: bool = True


NOTHING = Special(edited=False)

Handle = Callable[[Any, Names, Context], Special | Reply | Close]
