from __future__ import annotations

import pytest

from zoneproxy.config.load import parse_config
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Zone
from zoneproxy.policy.references import check_references
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

CONFIG = """\
listeners:
  - name: payments
    zone: payments
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    tls: {certificate: c, key: k, client_ca: ca}
  - name: lab
    zone: lab
    advertised_host: localhost
    ports: {bootstrap: 9192, first: 9200}
    plaintext: {accept: "clients are neither encrypted nor identified", principal: tester}
upstreams:
  payments-kafka: {bootstrap: ["k:1"], tls: {ca: ca}}
  lab-kafka: {bootstrap: ["k:2"], plaintext: {accept: "the way to this upstream is not encrypted"}}
keys: {k1: {file: f}}
"""
POLICY = """\
zones:
  payments: {level: restricted, owner: o, upstream: payments-kafka}
  lab: {level: internal, owner: o, upstream: lab-kafka, encryption: {transport: plaintext}}
principals: [{name: tester, zone: lab}]
flows:
  - {name: f, from: lab, to: lab, topics: "*", controls: [{redact: {field: $.a, with: hash, key: k1}}]}
"""


def faults(config: str = CONFIG, policy: str = POLICY) -> list[str]:
    snapshot = load_policy([("p.yaml", policy)])
    return [str(problem) for problem in check_references(parse_config(config, "z.yaml"), snapshot)]


def test_what_fits_together() -> None:
    assert faults() == []


def test_where_events_and_sealed_copies_go() -> None:
    audit = "audit: {upstream: lab-kafka}\nquarantine: {lab: {public_key: k}}\n"
    policy = POLICY.replace("controls: [", "controls: [{detect: {types: EMAIL, action: quarantine}}, ")
    assert faults(CONFIG + audit, policy) == []
    assert faults(CONFIG + audit.replace("lab-kafka", "lab-kafak")) == [
        "z.yaml:16:19: there is no upstream `lab-kafak` (did you mean `lab-kafka`?)"
    ]
    assert faults(CONFIG + audit.replace("{lab:", "{lap:")) == [
        "z.yaml:17:14: there is no zone `lap` (did you mean `lab`?)"
    ]
    assert faults(policy=policy.replace("action: quarantine", "action: quarantine, dry_run: true")) == []
    forbids = policy.replace("{detect: {types: EMAIL,", "{forbid: {name: cvv,")
    for written in (policy, forbids):
        assert len(faults(policy=written)) == 1
    (missing,) = faults(policy=policy)
    assert "flow `f` puts records of zone `lab` into quarantine, and it has none" in missing
    assert "quarantine: {lab: {public_key: ...}} in z.yaml" in missing


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("zone: lab", "zone: labs", "z.yaml:8:11: listener `lab`: there is no zone `labs` (did you mean `lab`?)"),
        (
            "principal: tester",
            "principal: test",
            "z.yaml:11:84: listener `lab`: there is no principal `test` (did you mean `tester`?)",
        ),
        ("lab-kafka:", "labs-kafka:", "p.yaml:3:3: zone `lab`: z.yaml has no upstream `lab-kafka`"),
        ("keys: {k1:", "keys: {k2:", "p.yaml:6:5: flow `f`: z.yaml has no key `k1` (known: `k2`)"),
        (
            "client_ca: ca}",
            'client_ca: ca, min_version: "1.2"}',
            "z.yaml:6:63: listener `payments` accepts TLS 1.2, but zone `payments` demands TLS 1.3 or newer",
        ),
    ],
)
def test_configurations_that_do_not_fit(old: str, new: str, problem: str) -> None:
    assert old in CONFIG
    (found,) = faults(CONFIG.replace(old, new))
    assert found.startswith(problem)


def test_a_zone_that_demands_encryption_has_no_plaintext_listener() -> None:
    (found,) = faults(policy=POLICY.replace(", encryption: {transport: plaintext}", ""))
    assert found.startswith("z.yaml:11:16: listener `lab` is plaintext, but zone `lab` demands TLS 1.3 or newer")


def test_a_zone_may_take_older_tls() -> None:
    older = POLICY.replace("upstream: payments-kafka", 'upstream: payments-kafka, encryption: {min_tls: "1.2"}')
    assert faults(CONFIG.replace("client_ca: ca}", 'client_ca: ca, min_version: "1.2"}'), older) == []
    assert faults(policy=older) == []


def test_values_without_files_are_checked_too() -> None:
    zones = tuple(Zone(name, "internal", 1, "o", "nowhere", None) for name in ("payments", "lab"))
    problems = check_references(parse_config(CONFIG), PolicySnapshot(Policy(zones=zones)))
    assert [problem.file for problem in problems] == ["zoneproxy.yaml", "policies", "policies"]


# --- SASL ----------------------------------------------------------------------------------------------------

SASL = CONFIG.replace("client_ca: ca}", "}\n    auth: sasl\n    sasl: {mechanisms: [OAUTHBEARER]}").replace(
    "k, }", "k}"
)
SASL += 'oauth: {main: {issuer: "https://login", audience: [kafka], jwks: {file: f}}}\n'
TLS_ZONE = POLICY.replace("upstream: payments-kafka}", "upstream: payments-kafka, encryption: {transport: tls}}")


def test_a_zone_that_demands_certificates_has_no_listener_without() -> None:
    (found,) = faults(SASL)
    assert found == (
        "z.yaml:7:11: listener `payments` asks for no certificate, but zone `payments` demands one "
        "(auth: both, or the zone `encryption: {transport: tls}`)"
    )
    assert faults(SASL, TLS_ZONE) == []


def test_plaintext_with_sasl_names_no_principal() -> None:
    plaintext = CONFIG.replace(
        'plaintext: {accept: "clients are neither encrypted nor identified", principal: tester}',
        "auth: sasl\n    sasl: {mechanisms: [PLAIN]}\n"
        '    plaintext: {accept: "passwords, tokens and data are not encrypted"}',
    )
    assert faults(plaintext + "credentials: {file: f}\n") == []


def test_issuers_of_rules_are_configured() -> None:
    principal = 'principals: [{name: tester, zone: lab, match: {oauth: {issuer: "https://login"}}}]'
    policy = TLS_ZONE.replace("principals: [{name: tester, zone: lab}]", principal)
    assert faults(SASL, policy) == []
    (found,) = faults(SASL, policy.replace("https://login", "https://login/"))
    assert "p.yaml:4:" in found
    assert "`tester`: z.yaml has no oauth provider with the issuer `https://login/` (did you mean" in found
    rule = 'identities: [{name: r, zone: lab, match: {oauth: {issuer: "https://x"}}, principal: {claim: sub}}]\n'
    (found,) = faults(SASL, TLS_ZONE + rule)
    assert "`r`: z.yaml has no oauth provider" in found


def test_nobody_in_particular_is_at_home_where_names_are_needed() -> None:
    (fault,) = faults(policy=POLICY.replace("zone: lab}]", "zone: payments}]"))
    assert fault == (
        "z.yaml:11:84: listener `lab`: whoever connects would be `tester` of zone `payments` "
        "(that zone is for named principals only: name one of another zone, such as `lab`)"
    )


def test_schemas_that_formats_name_are_in_the_configuration() -> None:
    policy = POLICY.replace("controls: [", "controls: [{format: {value: avro, schemas: main}}, ")
    schemas = "schemas: {main: {files: [{id: 1, file: a.avsc}]}}\n"
    assert faults(CONFIG + schemas, policy) == []
    assert faults(CONFIG + schemas.replace("main", "mian"), policy) == [
        "p.yaml:6:5: flow `f`: z.yaml has no schemas `main` (did you mean `mian`?)"
    ]
    assert len(faults(policy=policy)) == 1
