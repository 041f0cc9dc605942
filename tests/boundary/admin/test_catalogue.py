from __future__ import annotations

from collections import Counter

from zoneproxy.boundary.admin.catalogue import ADMINISTRATION


def test_each_api_is_decided_once() -> None:
    times = Counter(api for interceptor in ADMINISTRATION for api in interceptor.apis)

    assert set(times.values()) == {1}
