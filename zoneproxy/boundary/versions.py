"""Versions: which APIs are there, and in which versions; and ApiVersions, which says so.

What is offered is what the broker speaks and what our message table speaks, of the APIs that there are for clients. The
same rule decides about every request, so that what was not offered cannot be had by asking for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import Any

from zoneproxy.boundary.apis import HIGHEST_FOR_CLIENTS, OPEN
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.features import offered_features
from zoneproxy.boundary.interceptor import Close, Context, Outcome, Reply
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.errors import EncodeError
from zoneproxy.wire.codec import decode_response, encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import (
    ApiVersion,
    ApiVersionsResponse,
    FinalizedFeatureKey,
    SupportedFeatureKey,
)
from zoneproxy.wire.messages.registry import APIS, RESPONSES

_SOFTWARE_FROM_VERSION = 3
_LEVEL_ZERO_FROM_VERSION = 4
_SOFTWARE = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9.\-]*[a-zA-Z0-9])?")  # KIP-511

SASL = frozenset({ApiKey.SASL_HANDSHAKE, ApiKey.SASL_AUTHENTICATE})
"""Answered before, and beside, the chain: by whoever lets clients in."""

_OURS = {
    key: (APIS[key].min_version, min(APIS[key].max_stable_version, HIGHEST_FOR_CLIENTS.get(key, 1 << 15)))
    for key in OPEN
}
_API_VERSIONS = _OURS[ApiKey.API_VERSIONS]
# librdkafka wants to see version 0 of the handshake, which it does not use.
_SASL = {key: (APIS[key].min_version, APIS[key].max_version) for key in SASL}


def admit(ctx: Context) -> Reply | Close | None:
    """Whether the request's API and version are there; None if so."""
    key, version = ctx.header.api_key, ctx.header.api_version
    admitted = ctx.session.admitted
    if (key, version) in admitted:
        return None
    if key == ApiKey.API_VERSIONS:
        return admit_api_versions(version)
    if key not in OPEN:
        return _refuse(ctx, "not_open")
    low, high = _OURS[key]  # type: ignore[index]  # an ApiKey is its number
    if not (low <= version <= high and ctx.session.versions.speaks(key, version)):
        return _refuse(ctx, "unsupported_version")
    admitted.add((key, version))
    return None


def admit_api_versions(version: int) -> Reply | Close | None:
    """A version that is not ours is answered in version 0, with what we have of ApiVersions itself (KIP-511)."""
    low, high = _API_VERSIONS
    if version < low:
        return Close("unsupported_version")
    if version <= high:
        return None
    only = ApiVersion(api_key=ApiKey.API_VERSIONS, min_version=low, max_version=high)
    return Reply(ApiVersionsResponse(error_code=ErrorCode.UNSUPPORTED_VERSION, api_keys=[only]), version=0)


def _refuse(ctx: Context, why: str) -> Reply | Close:
    """UNSUPPORTED_VERSION where the reply has a place for it; where it has none, close, as Kafka always does."""
    key, version = ctx.header.api_key, ctx.header.api_version
    name = ApiKey(key).name if key in APIS else "UNKNOWN"
    ctx.facts.append(Denied(name, "", "api", f"{key}v{version}", ErrorCode.UNSUPPORTED_VERSION, why))
    if key in APIS and APIS[key].min_version <= version <= APIS[key].max_version and _says_errors(key, version):
        response: Any = RESPONSES[key]
        return Reply(response(error_code=ErrorCode.UNSUPPORTED_VERSION))
    return Close(why)


@cache
def _says_errors(key: int, version: int) -> bool:
    """Whether replies of that version carry an error code for the whole request. Keys and versions are of our table."""
    response: Any = RESPONSES[key]
    try:
        frame = encode_response(0, key, version, response(error_code=ErrorCode.UNSUPPORTED_VERSION))
    except (TypeError, EncodeError):
        return False
    read: Any = decode_response(frame, key, version).message
    return bool(read.error_code == ErrorCode.UNSUPPORTED_VERSION)


# --- ApiVersions ---------------------------------------------------------------------------------------------


class VersionsInterceptor:
    """Answers ApiVersions; the broker never sees it."""

    apis = frozenset({ApiKey.API_VERSIONS})

    def request(self, message: ApiVersionsRequest, ctx: Context) -> Outcome:
        """See the module."""
        version = ctx.header.api_version
        if not _names_software(message, version):
            return Reply(ApiVersionsResponse(error_code=ErrorCode.INVALID_REQUEST))
        return Reply(_offer(ctx.session.versions, OPEN, version))


def before_authentication(message: ApiVersionsRequest, version: int, node: NodeVersions) -> ApiVersionsResponse:
    """The answer to a client that has not said yet who it is; ``version`` is one that ``admit`` takes.

    ``node`` is what is known of the upstream. SASL's own APIs are there as well: the proxy is who answers them.
    """
    if not _names_software(message, version):
        return ApiVersionsResponse(error_code=ErrorCode.INVALID_REQUEST)
    answer = _offer(node, OPEN, version)
    answer.api_keys += [ApiVersion(api_key=k, min_version=low, max_version=high) for k, (low, high) in _SASL.items()]
    answer.api_keys.sort(key=lambda api: api.api_key)
    return answer


def _names_software(message: ApiVersionsRequest, version: int) -> bool:
    """Whether the client's software is called something that may be a name (KIP-511)."""
    name, number = message.client_software_name, message.client_software_version
    return version < _SOFTWARE_FROM_VERSION or bool(_SOFTWARE.fullmatch(name) and _SOFTWARE.fullmatch(number))


def offered(node: NodeVersions, keys: Collection[ApiKey]) -> dict[int, tuple[int, int]]:
    """API key -> (lowest, highest) version of what the broker and we speak."""
    spans: dict[int, tuple[int, int]] = {ApiKey.API_VERSIONS: _API_VERSIONS}
    for key in sorted(keys):
        low, high = _OURS[key]
        node_low, node_high = node.apis.get(key, (0, -1))
        if max(low, node_low) <= min(high, node_high):
            spans[key] = (max(low, node_low), min(high, node_high))
    if ApiKey.PRODUCE in spans:
        # librdkafka needs to see version 0, which no broker takes any longer (KAFKA-18659): whoever asks is refused.
        spans[ApiKey.PRODUCE] = (node.apis[ApiKey.PRODUCE][0], spans[ApiKey.PRODUCE][1])
    return spans


def _offer(node: NodeVersions, keys: Collection[ApiKey], version: int) -> ApiVersionsResponse:
    spans = offered(node, keys)
    supported, finalized = offered_features(node, spans)
    lowest_level = 0 if version >= _LEVEL_ZERO_FROM_VERSION else 1  # older clients choke on level 0 (KAFKA-17492)
    return ApiVersionsResponse(
        api_keys=[ApiVersion(api_key=k, min_version=low, max_version=high) for k, (low, high) in sorted(spans.items())],
        supported_features=[
            SupportedFeatureKey(name=name, min_version=low, max_version=high)
            for name, (low, high) in supported.items()
            if low >= lowest_level
        ],
        finalized_features_epoch=node.finalized_features_epoch,
        finalized_features=[
            FinalizedFeatureKey(name=name, min_version_level=low, max_version_level=high)
            for name, (low, high) in finalized.items()
        ],
    )
