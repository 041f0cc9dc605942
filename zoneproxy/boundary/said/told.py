"""What members of a classic group are told of each other: JoinGroup and SyncGroup to members, DescribeGroups to others.

Who brought it in may have been under other rules, or have come by another way. A member that may not be told is
refused, as it could do nothing without it; in descriptions the bytes are blank.
"""

from __future__ import annotations

from typing import Any

from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, Outcome
from zoneproxy.boundary.said.requests import ERROR, MEMBER_DATA, NULL_PROTOCOL_FROM_VERSION
from zoneproxy.boundary.said.screen import Hearing, Screen, aside
from zoneproxy.boundary.said.texts import readings
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_groups_response import DescribeGroupsResponse
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse


class ToldOfMembersInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.JOIN_GROUP, ApiKey.SYNC_GROUP, ApiKey.DESCRIBE_GROUPS})

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def request(self, message: Any, ctx: Context) -> Outcome:
        """See the module."""
        hearing = self._screen.hearing(ctx, "fetch")
        return GO_ON if hearing is None else Forward(_Told(hearing).then)


class _Told:
    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def then(self, response: Any, ctx: Context) -> Eventually[bool]:
        def look_through() -> bool:
            edited = self._look_through(response, ctx)
            self._hearing.tell(ctx)
            return edited

        return aside(look_through, _size(response))

    def _look_through(self, response: Any, ctx: Context) -> bool:
        if isinstance(response, JoinGroupResponse):
            if self._allows(*(member.metadata for member in response.members)):
                return False
            response.members, response.error_code = [], ERROR
            response.protocol_name = None if ctx.header.api_version >= NULL_PROTOCOL_FROM_VERSION else ""
            return True
        if isinstance(response, SyncGroupResponse):
            if self._allows(response.assignment):
                return False
            response.assignment, response.error_code = b"", ERROR
            return True
        return self._describe(response)

    def _describe(self, response: DescribeGroupsResponse) -> bool:
        edited = False
        for group in response.groups:
            for member in group.members:
                if not self._allows(member.member_metadata, member.member_assignment):
                    member.member_metadata = member.member_assignment = b""
                    edited = True
        return edited

    def _allows(self, *texts: bytes) -> bool:
        read = [reading for text in texts for reading in readings(bytes(text))]
        allowed = [self._hearing.allows(MEMBER_DATA, reading) for reading in read]  # each is told of
        return all(allowed)


def _size(response: Any) -> int:
    if isinstance(response, JoinGroupResponse):
        return sum(len(member.metadata) for member in response.members)
    if isinstance(response, SyncGroupResponse):
        return len(response.assignment)
    return sum(
        len(member.member_metadata) + len(member.member_assignment)
        for group in response.groups
        for member in group.members
    )
