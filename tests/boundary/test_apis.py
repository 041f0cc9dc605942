from __future__ import annotations

from zoneproxy.boundary.apis import HIGHEST_FOR_CLIENTS, OPEN
from zoneproxy.wire.messages.api_keys import ApiKey

NEVER = {
    "SASL_HANDSHAKE",
    "SASL_AUTHENTICATE",
    "WRITE_TXN_MARKERS",
    "DESCRIBE_USER_SCRAM_CREDENTIALS",
    "ALTER_USER_SCRAM_CREDENTIALS",
    "UPDATE_FEATURES",
    "UNREGISTER_BROKER",
    "ADD_RAFT_VOTER",
    "REMOVE_RAFT_VOTER",
    "PUSH_TELEMETRY",
    "GET_TELEMETRY_SUBSCRIPTIONS",
}
NEVER_WITHIN = ("SHARE_GROUP_STATE", "DELEGATION_TOKEN")


def test_every_api_is_either_offered_or_withheld_on_purpose() -> None:
    withheld = {api.name for api in ApiKey if api not in OPEN}

    assert withheld == {
        api.name for api in ApiKey if api.name in NEVER or any(word in api.name for word in NEVER_WITHIN)
    }


def test_versions_for_brokers_are_of_apis_that_are_there() -> None:
    assert HIGHEST_FOR_CLIENTS.keys() <= OPEN
