"""Configurations that nobody changes through the proxy, whatever rights they have.

They would have a broker load a class or a login module (CVE-2025-27819), open a listener that leads past the proxy, or
read a file into a value that anybody may describe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from zoneproxy.boundary.cut import Refusal
from zoneproxy.wire.error_codes import ErrorCode

FORBIDDEN = Refusal(ErrorCode.POLICY_VIOLATION, "This configuration cannot be changed through the proxy.")

_NAME = re.compile(
    r"(.*\.)?sasl\..*|ssl\..*"
    r"|(.*\.)?listener\..*|(.*\.)?listeners"
    r"|.*\.class(es)?(\..*)?|metric\.reporters|config\.providers(\..*)?|security\.providers",
    re.I,
)
_ASKS_A_PROVIDER = "${"  # which may read files, or the environment


class _Config(Protocol):
    name: str
    value: str | None


def config_refusal(configs: Iterable[_Config]) -> Refusal | None:
    """See the module: None if all of them may be changed by whoever has the right to."""
    if any(_NAME.fullmatch(config.name) or _ASKS_A_PROVIDER in (config.value or "") for config in configs):
        return FORBIDDEN
    return None
