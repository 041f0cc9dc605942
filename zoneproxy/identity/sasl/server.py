"""SaslHandshake and SaslAuthenticate, in the order that Kafka's SaslServerAuthenticator has them.

    SaslHandshake(mechanism) -> SaslAuthenticate(token) ... -> proven

The first one wrong step ends it. Only SaslHandshake v1 is taken: after v0 Kafka would expect tokens without any
header, which no client in use sends any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zoneproxy.identity.sasl.shapes import Challenge, Mechanism, Pause, Proven, Refused, Running
from zoneproxy.policy.model import SaslFacts
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

HANDSHAKE_VERSION = 1

Mechanisms = Mapping[str, Callable[[], Mechanism]]
"""Name of a mechanism → begins an exchange of it. In the order in which clients are told."""

Accept = Callable[[SaslFacts], "Refused | None"]
"""Whether the proven client is somebody here; otherwise why not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to answer. ``refused``: say it after a while, and close; ``proven``: it is over, and the client is in."""

    message: Message
    refused: Refused | None = None
    proven: Proven | None = None
    session: float | None = None  # until when, in seconds since the epoch; None: for good


class SaslServer:
    """One authentication of one connection.

    Args:
        mechanisms: those that the listener takes.
        accept: asked about whoever has proved something.
        max_session: seconds after which the client has to authenticate again (KIP-368); None: never.
        before: the mechanism that the client had authenticated with; it is to be the same again. None: the first time.
    """

    def __init__(
        self, mechanisms: Mechanisms, accept: Accept, *, max_session: float | None = None, before: str | None = None
    ) -> None:
        self._mechanisms = mechanisms
        self._accept = accept
        self._max_session = max_session
        self._before = before
        self._exchange: Mechanism | None = None
        self.mechanism = ""  # that the client has chosen, of those there are
        self.over = False
        self.refused: Refused | None = None  # the client is refused already, and has yet to say that it knows

    def handshake(self, message: SaslHandshakeRequest, version: int) -> Answer:
        """Answer SaslHandshake."""
        names = list(self._mechanisms)
        if self.mechanism or self.over:
            text = "Unexpected Kafka request of type SASL_HANDSHAKE during SASL authentication."
            return self._handshake_refused(ErrorCode.ILLEGAL_SASL_STATE, Refused("illegal_state", text))
        if version < HANDSHAKE_VERSION:
            return self._handshake_refused(ErrorCode.UNSUPPORTED_VERSION, Refused("handshake_version"))
        if message.mechanism not in self._mechanisms:
            return self._handshake_refused(ErrorCode.UNSUPPORTED_SASL_MECHANISM, Refused("mechanism"), names)
        self.mechanism = message.mechanism
        self._exchange = self._mechanisms[self.mechanism]()
        return Answer(SaslHandshakeResponse(mechanisms=names))

    def authenticate(self, message: SaslAuthenticateRequest, now: float) -> Running[Answer]:
        """Answer SaslAuthenticate, which comes at ``now`` (seconds since the epoch)."""
        if self._exchange is None or self.over:
            self.over = True
            text = "SaslAuthenticate request received after successful authentication"
            return self._refused(Refused("illegal_state", text), ErrorCode.ILLEGAL_SASL_STATE)
        try:
            if self._before is not None and self._before != self.mechanism:
                raise Refused("other_mechanism", _other_mechanism(self.mechanism, self._before))
            step = yield from self._exchange.step(message.auth_bytes, now)
            if isinstance(step, Challenge):
                self.refused = step.refused
                return Answer(SaslAuthenticateResponse(auth_bytes=step.token))
            return self._done(step, now)
        except Refused as refused:
            yield [Pause()]
            return self._refused(refused)

    def _done(self, proven: Proven, now: float) -> Answer:
        refused = self._accept(proven.facts)
        if refused is not None:
            raise refused
        self.over = True
        session = self._session_end(proven, now)
        # 0 says that it is for good, so that a session that is nearly over has 1 ms left.
        lifetime = 0 if session is None else max(1, int((session - now) * 1000))
        answer = SaslAuthenticateResponse(auth_bytes=proven.token, session_lifetime_ms=lifetime)
        return Answer(answer, proven=proven, session=session)

    def _session_end(self, proven: Proven, now: float) -> float | None:
        ends = [proven.expires] if proven.expires is not None else []
        if self._max_session is not None:
            ends.append(now + self._max_session)
        return min(ends, default=None)

    def _refused(self, refused: Refused, code: ErrorCode = ErrorCode.SASL_AUTHENTICATION_FAILED) -> Answer:
        self.over = True
        return Answer(SaslAuthenticateResponse(error_code=code, error_message=self._text(refused)), refused)

    def _handshake_refused(self, code: ErrorCode, refused: Refused, names: list[str] | None = None) -> Answer:
        self.over = True
        return Answer(SaslHandshakeResponse(error_code=code, mechanisms=names or []), refused)

    def _text(self, refused: Refused) -> str:
        """What the client is told. Kafka's general words tell nothing that would help to guess."""
        if refused.text is not None:
            return refused.text
        when = "authentication" if self._before is None else "re-authentication"
        return f"Authentication failed during {when} due to invalid credentials with SASL mechanism {self.mechanism}"


def _other_mechanism(now: str, before: str) -> str:
    return f"SASL mechanism '{now}' requested by client is not supported for re-authentication of mechanism '{before}'"
