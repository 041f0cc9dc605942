"""What a client calls itself: in every request, and from there in a broker's log, metrics and quotas.

Kafka knows no error for it, so the connection is closed. A client says the same in all requests of a connection, so
it is looked at once under each policy.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Close, Context
from zoneproxy.boundary.said.screen import Screen

PLACE = "client_id"
MAX_LENGTH = 1024  # bytes; longer ones would take too long to be looked at before each request


def client_id_refusal(screen: Screen, ctx: Context) -> Close | None:
    """A reason to close, if the client calls itself what it may not."""
    session, name = ctx.session, ctx.header.client_id
    if not name or (session.client_id == name and session.client_id_under is ctx.snapshot):
        return None
    hearing = screen.hearing(ctx)
    if hearing is not None:
        text = name.encode()
        allowed = hearing.allows(PLACE, text) if len(text) <= MAX_LENGTH else not hearing.refuse(PLACE, "too_large")
        hearing.tell(ctx)
        if not allowed:
            return Close("client_id")
    session.client_id, session.client_id_under = name, ctx.snapshot
    return None
