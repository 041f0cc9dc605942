from __future__ import annotations

from tests.boundary.batch_kit import CLEAN, IN, LIMITS, OUT, batch, whole
from zoneproxy.boundary import batches


def test_the_whole_interface_in_one_place():
    plan = batches.ControlPlan((), {})
    data = batch([CLEAN])
    assert batches.treat_produce(whole(data), plan, LIMITS, IN).data is None
    assert isinstance(batches.treat_fetch(data, plan, LIMITS, OUT), batches.BatchResult)
