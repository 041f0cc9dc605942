"""All interceptors of this room."""

from __future__ import annotations

from typing import Any

from zoneproxy.boundary.interceptor import Interceptor
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.offsets import OffsetCommitTextsInterceptor, OffsetFetchTextsInterceptor
from zoneproxy.boundary.said.requests import RequestTextsInterceptor
from zoneproxy.boundary.said.screen import Screen
from zoneproxy.boundary.said.settings import NewTopicsInterceptor, SettingsInterceptor
from zoneproxy.boundary.said.told import ToldOfMembersInterceptor


def said(screen: Screen, names: TopicNames) -> tuple[Interceptor[Any], ...]:
    """For one worker. A request is looked through before its reply is waited for."""
    return (
        NewTopicsInterceptor(screen, names),
        SettingsInterceptor(screen),
        RequestTextsInterceptor(screen, names),
        OffsetCommitTextsInterceptor(screen),
        OffsetFetchTextsInterceptor(screen),
        ToldOfMembersInterceptor(screen),
    )
