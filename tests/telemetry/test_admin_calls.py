from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from zoneproxy.telemetry.admin_calls import AdminCalls
from zoneproxy.telemetry.log import make_logger
from zoneproxy.telemetry.metrics import Metrics

TOKEN = "0123456789abcdef" * 2


class Rig:
    def __init__(self, token: str | None = TOKEN, *, works: bool = True) -> None:
        self._out = io.StringIO()
        self.metrics = Metrics("1")
        self.calls = 0

        async def ask() -> str | None:
            return token

        async def reload() -> tuple[bool, dict[str, object]]:
            self.calls += 1
            return works, {"loaded": works}

        calls = AdminCalls(ask, {"reload": reload}, self.metrics, make_logger("info", "json", self._out), lambda: 0.0)
        transport = httpx.ASGITransport(Starlette(routes=calls.routes()))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://admin")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.getvalue().splitlines()]

    async def post(self, authorization: str | None) -> httpx.Response:
        headers = {} if authorization is None else {"authorization": authorization}
        return await self.client.post("/reload", headers=headers)

    def counted(self, outcome: str) -> float | None:
        labels = {"call": "reload", "outcome": outcome}
        return self.metrics.registry.get_sample_value("zoneproxy_admin_calls_total", labels)


async def test_with_the_token_it_is_done() -> None:
    rig = Rig()
    reply = await rig.post(f"Bearer {TOKEN}")
    assert (reply.status_code, reply.json(), rig.calls) == (200, {"loaded": True}, 1)
    assert rig.counted("done") == 1
    assert rig.lines[0]["event"] == "admin call"


async def test_what_could_not_be_done_is_not_200() -> None:
    rig = Rig(works=False)
    assert (await rig.post(f"Bearer {TOKEN}")).status_code == 422
    assert rig.counted("failed") == 1


@pytest.mark.parametrize(
    "authorization", [None, "", TOKEN, "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"bearer  {TOKEN}"]
)
async def test_without_it_nothing_is(authorization: str | None) -> None:
    rig = Rig()
    reply = await rig.post(authorization)
    assert (reply.status_code, rig.calls) == (401, 0)
    assert reply.headers["www-authenticate"] == "Bearer"
    assert rig.counted("unauthorised") == 1
    assert TOKEN not in json.dumps(rig.lines)


async def test_without_a_token_file_nobody_can_call() -> None:
    rig = Rig(token=None)
    for authorization in (None, "Bearer None", "Bearer "):
        assert (await rig.post(authorization)).status_code == 403
    assert rig.calls == 0


async def test_only_post_changes_something() -> None:
    rig = Rig()
    assert (await rig.client.get("/reload", headers={"authorization": f"Bearer {TOKEN}"})).status_code == 405
    assert rig.calls == 0


async def test_who_guesses_is_counted_always_and_logged_at_a_limited_rate() -> None:
    rig = Rig()
    for _ in range(50):
        await rig.post("Bearer guess")
    assert rig.counted("unauthorised") == 50
    assert len(rig.lines) == 5
