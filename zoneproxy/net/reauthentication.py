"""SASL within a session: the client proves again who it is before its time is over (KIP-368).

It does so in the stream of its requests, in order like any of them. It has to be the same principal, by the same
mechanism. Once its time is over nothing else is taken from it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.versions import SASL
from zoneproxy.identity.sasl.server import Answer, SaslServer
from zoneproxy.identity.sasl.shapes import Refused, SaslNeed
from zoneproxy.net.driver import Driver
from zoneproxy.policy.model import PeerFacts, Principal, SaslFacts
from zoneproxy.wire.codec import is_known
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import Context
    from zoneproxy.net.sasl import ListenerSasl
    from zoneproxy.net.session import Session
    from zoneproxy.wire.codec import RequestHeader
    from zoneproxy.wire.messages.message import Message

MIN_INTERVAL_SECONDS = 1.0  # as Kafka's
NOT_AGAIN = "SaslAuthenticate request received after successful authentication"


def with_sasl(peer: PeerFacts | None, facts: SaslFacts) -> PeerFacts:
    """What a client has proved by certificate, if it has one, and by SASL."""
    return PeerFacts(certified=False, sasl=facts) if peer is None else replace(peer, sasl=facts)


class Reauthentication:
    """Of one session. Times are seconds since the epoch.

    Args:
        mechanism: that the client has authenticated with.
        until: when it has to have done so again; None: never.
    """

    __slots__ = ("_began", "_mechanism", "_renewed", "_sasl", "_server", "_session", "_until", "driver")

    def __init__(self, session: Session, sasl: ListenerSasl, mechanism: str, until: float | None) -> None:
        self.driver: Driver[Routed] = Driver(sasl.needs, session.wake)
        self._session = session
        self._sasl = sasl
        self._mechanism = mechanism
        self._until = until
        self._began: float | None = None
        self._server: SaslServer | None = None
        self._renewed: tuple[PeerFacts, Principal] | None = None

    def refuses(self, api_key: int, now: float) -> str | None:
        """Why a request of that kind ends the session; None if it does not."""
        if api_key in SASL:
            return None
        if self._server is not None:
            return "unfinished_authentication"
        return "session_expired" if self._until is not None and now >= self._until else None

    def takes(self, header: RequestHeader) -> bool:
        """Whether a request is for here and not for the chain."""
        return header.api_key in SASL and is_known(header.api_key, header.api_version)

    def request(self, message: Message, ctx: Context) -> Generator[Sequence[SaslNeed], None, Routed]:
        """Answer SaslHandshake or SaslAuthenticate."""
        if isinstance(message, SaslHandshakeRequest):
            if self._server is None and not self._may_begin(ctx.now):
                return Routed(reply=SaslHandshakeResponse(error_code=ErrorCode.ILLEGAL_SASL_STATE))
            return self._act(self._current().handshake(message, ctx.header.api_version))
        assert isinstance(message, SaslAuthenticateRequest)
        if self._server is None:
            refusal = SaslAuthenticateResponse(error_code=ErrorCode.ILLEGAL_SASL_STATE, error_message=NOT_AGAIN)
            return Routed(reply=refusal)
        return self._act((yield from self._server.authenticate(message, ctx.now)))

    def _may_begin(self, now: float) -> bool:
        if self._began is not None and now - self._began < MIN_INTERVAL_SECONDS:
            return False
        self._began = now
        return True

    def _current(self) -> SaslServer:
        """The authentication that has begun, or a new one."""
        if self._server is None:
            self._server = SaslServer(
                self._sasl.mechanisms(), self._accept, max_session=self._sasl.max_session, before=self._mechanism
            )
        return self._server

    def _accept(self, facts: SaslFacts) -> Refused | None:
        session = self._session
        peer = with_sasl(session.peer, facts)
        principal = session.route.identify(session.worker.policy.snapshot.at(self._sasl.clock()), peer)
        before = session.principal
        if principal is None or before is None:
            return Refused("unknown_principal")
        if principal.name != before.name:
            names = f"User.{before.name}: User.{principal.name}"
            return Refused("other_principal", f"Cannot change principals during re-authentication from {names}")
        self._renewed = peer, principal
        return None

    def _act(self, answer: Answer) -> Routed:
        observer, connection = self._session.worker.observer, self._session.connection
        if answer.refused is not None:
            observer.authentication(connection, self._mechanism, answer.refused.reason)
            return Routed(reply=answer.message, close="authentication_failed")
        if answer.proven is not None and self._renewed is not None:
            self._server = None
            self._until = answer.session
            self._session.renew(*self._renewed)
            observer.authentication(connection, self._mechanism, "renewed")
        return Routed(reply=answer.message)
