"""Everything that is decided about share groups, for the chain."""

from __future__ import annotations

from typing import Any

from zoneproxy.boundary.interceptor import Interceptor
from zoneproxy.boundary.share.acknowledge import ShareAcknowledgeInterceptor
from zoneproxy.boundary.share.change_offsets import AlterShareOffsetsInterceptor, DeleteShareOffsetsInterceptor
from zoneproxy.boundary.share.describe import ShareDescribeInterceptor
from zoneproxy.boundary.share.describe_offsets import DescribeShareOffsetsInterceptor
from zoneproxy.boundary.share.fetch import ShareFetchInterceptor
from zoneproxy.boundary.share.heartbeat import ShareHeartbeatInterceptor

SHARE_GROUPS: tuple[Interceptor[Any], ...] = (
    ShareHeartbeatInterceptor(),
    ShareDescribeInterceptor(),
    ShareFetchInterceptor(),
    ShareAcknowledgeInterceptor(),
    DescribeShareOffsetsInterceptor(),
    AlterShareOffsetsInterceptor(),
    DeleteShareOffsetsInterceptor(),
)
"""In no order: no two decide the same API."""
