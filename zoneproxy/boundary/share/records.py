"""Records on their way out to a member of a share group, treated as for any consumer.

What may be handed out at all was decided with the request (``views``). Which offsets the member has acquired stays as
the broker said: a record that had to be taken out is acknowledged as a gap, and is gone for all, who would not have
seen it either.
"""

from __future__ import annotations

from zoneproxy.boundary.fetch_records import FetchedRecords
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, Outcome
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_fetch_request import ShareFetchRequest
from zoneproxy.wire.messages.share_fetch_response import ShareFetchResponse


class ShareRecordsInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.SHARE_FETCH})

    def __init__(self, records: FetchedRecords) -> None:
        self._records = records
        self._outcome = Forward(self._then)

    def request(self, message: ShareFetchRequest, ctx: Context) -> Outcome:
        """See the module."""
        return self._outcome

    def _then(self, response: ShareFetchResponse, ctx: Context) -> Eventually[bool]:
        topics = [(t.topic_id, t.partitions) for t in response.responses if any(data.records for data in t.partitions)]
        return self._records.look_through(topics, ctx)
