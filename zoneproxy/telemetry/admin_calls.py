"""Admin calls that change something: POST with a bearer token (RFC 6750, section 2.1), on localhost too.

A browser on the same machine can be made to send a POST to any port, but not with an Authorization header of its own.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zoneproxy.telemetry.log import RateLimit

if TYPE_CHECKING:
    from starlette.requests import Request

    from zoneproxy.telemetry.log import Logger
    from zoneproxy.telemetry.metrics import Metrics

Call = Callable[[], Awaitable[tuple[bool, dict[str, object]]]]
"""Does it: whether it was done, and what to answer."""

CHALLENGE = {"www-authenticate": "Bearer"}


class AdminCalls:
    """Some calls by name, each at ``POST /name``."""

    def __init__(
        self,
        token: Callable[[], Awaitable[str | None]],
        calls: Mapping[str, Call],
        metrics: Metrics,
        logger: Logger,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``token`` gives the one that callers must bring; None: nobody can call. ``clock`` is for rate limits."""
        self._token = token
        self._calls = calls
        self._metrics = metrics
        self._log = logger
        self._limit = RateLimit(clock)

    def routes(self) -> list[Route]:
        """The paths for the admin application."""
        return [Route(f"/{name}", self._endpoint(name, call), methods=["POST"]) for name, call in self._calls.items()]

    def _endpoint(self, name: str, call: Call) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            token = await self._token()
            if token is None:
                self._tell(name, "closed", request)
                return JSONResponse({"error": "admin calls need `admin: {token_file: ...}`"}, 403)
            if not _is(request.headers.get("authorization", ""), f"Bearer {token}"):
                self._tell(name, "unauthorised", request)
                return JSONResponse({"error": "the token is missing or wrong"}, 401, CHALLENGE)
            done, answer = await call()
            self._tell(name, "done" if done else "failed", request)
            return JSONResponse(answer, 200 if done else 422)

        return endpoint

    def _tell(self, name: str, outcome: str, request: Request) -> None:
        self._metrics.admin_calls.labels(name, outcome).inc()
        host = request.client.host if request.client else None
        if outcome == "done":
            self._log.info("admin call", call=name, outcome=outcome, host=host)
        elif (suppressed := self._limit.allow(outcome, str(host))) is not None:
            self._log.warning("admin call", call=name, outcome=outcome, host=host, suppressed=suppressed)


def _is(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
