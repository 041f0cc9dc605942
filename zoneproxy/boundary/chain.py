"""The chain: the one list that says what happens to a message, and in which order.

    versions -> authorise (one module for each API) -> records -> addresses

Requests go down it, replies come back up. The order is a security property: nothing is scanned that was not allowed,
and nothing is forwarded that was not decided on.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoneproxy.boundary.interceptor import Context, Need, Then

if TYPE_CHECKING:
    from zoneproxy.config.model import Limits
    from zoneproxy.wire.messages.message import Message


@dataclass(slots=True)
class Routed:
    """What the session does with one request: forward it, answer ``reply``, or say nothing; then close if it says so.

    - ``forward``: send it upstream; the original bytes may go if the codec found them exact and ``edited`` is False.
      When its reply comes, and ``thens`` are left, decode it and run ``Chain.reply``.
    - ``reply``: the answer, given in its turn, in ``reply_version`` (None: the request's version).
    - ``expects_reply`` False (Produce with acks=0): the upstream sends none, the client waits for none.
    - ``close``: a fixed word; close the client's connection once all earlier replies and ``reply`` are flushed.
    """

    forward: bool = False
    edited: bool = False
    thens: tuple[Then, ...] = ()
    expects_reply: bool = True
    reply: Message | None = None
    reply_version: int | None = None
    close: str | None = None


class Chain:
    """All interceptors, compiled once for each worker. Holds no state of requests or sessions."""

    def __init__(self, keys: Mapping[str, bytes], limits: Limits) -> None:
        """``keys`` are the bytes of the keys that transforms name; ``limits`` bound decompression."""

    def admit(self, ctx: Context) -> Routed | None:
        """Decide by the header alone, before the body is decoded.

        None: go on, decode it and call ``request``. Otherwise the API or its version is not there for this
        principal: an answer in a version that the client can read, or a close.
        """
        raise NotImplementedError

    def request(self, message: Message, ctx: Context) -> Generator[Sequence[Need], None, Routed]:
        """Run one decoded request down the chain.

        Requests of one session run one after the other, in order: the next starts when this one has returned.
        """
        raise NotImplementedError

    def reply(self, response: Message, thens: Sequence[Then], ctx: Context) -> Generator[Sequence[Need], None, bool]:
        """Run one decoded reply back up. True: it was edited and must be encoded anew."""
        raise NotImplementedError

    def keeps_unknown_tags(self, ctx: Context) -> bool:
        """Whether tagged fields that we do not know may stay in replies to this principal (its own zone only)."""
        return ctx.home == ctx.session.zone
