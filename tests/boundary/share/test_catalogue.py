from __future__ import annotations

from collections import Counter

from zoneproxy.boundary.share.catalogue import SHARE_GROUPS
from zoneproxy.wire.messages.api_keys import ApiKey


def test_every_api_of_share_groups_is_decided_once() -> None:
    decided = Counter(api for interceptor in SHARE_GROUPS for api in interceptor.apis)
    brokers_own = "_SHARE_GROUP_STATE"  # what brokers keep, and say to each other

    assert decided == Counter(api for api in ApiKey if "SHARE" in api.name and brokers_own not in api.name)
