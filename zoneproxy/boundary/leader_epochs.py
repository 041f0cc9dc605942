"""OffsetForLeaderEpoch: clients are consumers; a follower's questions would meddle with replication (CVE-2018-1288).

Which topics it may name is not decided yet: the API is for the unrestricted.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_for_leader_epoch_request import OffsetForLeaderEpochRequest

CONSUMER = -1  # the replica id of whoever is not a broker


class LeaderEpochsInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.OFFSET_FOR_LEADER_EPOCH})

    def request(self, message: OffsetForLeaderEpochRequest, ctx: Context) -> Outcome:
        """Version 2 has no replica id: whoever asks in it is a consumer anyway."""
        if message.replica_id < 0:
            return GO_ON
        message.replica_id = CONSUMER
        return Forward(edited=True)
