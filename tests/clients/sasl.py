"""A proxy whose clients use SASL, and how each client library does that."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.clients.provider import CLIENT, SECRET
from tests.clients.reach import Reach
from tests.kafka.proxy import Proxy
from zoneproxy.identity.sasl.credentials_file import with_password

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.clients.provider import Provider
    from tests.kafka.cluster import Cluster

PASSWORDS = {name: "-".join((name, "secret")) for name in ("alice", "bound")}
MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]

POLICY = """
zones:
  payments: {level: internal, owner: o, upstream: payments-kafka, encryption: {transport: tls}}
principals:
  - {name: alice, zone: payments, match: {sasl: alice}, roles: [user]}
  - {name: bound, zone: payments, match: {sasl: bound, subject: {O: Payments, CN: bound}}, roles: [user]}
identities:
  - {name: services, zone: payments, match: {oauth: {issuer: "ISSUER"}}, principal: {claim: sub, prefix: "svc:"}}
groups:
  readers: {roles: [user]}
roles:
  user:
    - {allow: all, topic: {prefix: open.}}
    - {allow: all, group: "*"}
"""


class SaslProxy(Proxy):
    """``payments`` takes SASL, ``analytics`` (of the same zone) asks for a certificate as well."""

    def __init__(self, folder: Path, cluster: Cluster, provider: Provider) -> None:
        self._provider = provider
        policies = folder / "given"
        policies.mkdir()
        (policies / "policy.yaml").write_text(POLICY.replace("ISSUER", provider.issuer))
        super().__init__(folder, cluster, policies)

    def _settings(self, cluster: Cluster, limits: Mapping[str, int]) -> dict[str, Any]:
        settings = super()._settings(cluster, limits)
        text: str | None = None
        for user, password in PASSWORDS.items():
            text, _ = with_password(text, "", user, password)
        (self.folder / "users.yaml").write_text(text or "")
        sasl = {"auth": "sasl", "sasl": {"mechanisms": MECHANISMS}}
        only = self._listener("payments", "payments") | sasl
        del only["tls"]["client_ca"]
        both = self._listener("analytics", "payments") | sasl | {"auth": "both"}
        provider = {
            "issuer": self._provider.issuer,
            "audience": ["kafka"],
            "required_scopes": ["kafka"],
            "groups_claim": "groups",
            "clock_skew_seconds": 0,
            "jwks": {"url": self._provider.keys, "ca": str(self._provider.ca)},
        }
        settings["listeners"] = [only, both]
        settings["credentials"] = {"file": str(self.folder / "users.yaml")}
        settings["oauth"] = {"main": provider}
        return settings


@dataclass(frozen=True, slots=True)
class SaslReach(Reach):
    """As ``user`` with ``password``. The certificate is shown where ``certified``; its ``ca`` is trusted anyway."""

    mechanism: str = "PLAIN"
    user: str = "alice"
    password: str = PASSWORDS["alice"]
    certified: bool = False

    def confluent(self, **settings: Any) -> dict[str, Any]:
        made = Reach.confluent(self) | {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": self.mechanism,
            "sasl.username": self.user,
            "sasl.password": self.password,
        }
        if not self.certified:
            del made["ssl.certificate.location"], made["ssl.key.location"]
        return made | {name.replace("_", "."): value for name, value in settings.items()}

    def _python(self) -> dict[str, Any]:
        return {
            "security_protocol": "SASL_SSL",
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }

    def kafka_python(self, **settings: Any) -> dict[str, Any]:
        return Reach.kafka_python(self) | self._python() | settings

    def aiokafka(self, **settings: Any) -> dict[str, Any]:
        return Reach.aiokafka(self) | self._python() | settings

    def java_properties(self, **properties: Any) -> Path:
        package = "org.apache.kafka.common.security"
        module = "plain.PlainLoginModule" if self.mechanism == "PLAIN" else "scram.ScramLoginModule"
        login = f'{package}.{module} required username="{self.user}" password="{self.password}";'
        return _properties(
            self,
            {"sasl.mechanism": self.mechanism, "sasl.jaas.config": login}
            | {name.replace("_", "."): str(value) for name, value in properties.items()},
        )

    def context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.credentials.ca))
        if self.certified:
            context.load_cert_chain(self.credentials.certificate, self.credentials.key)
        return context


def confluent_with_tokens(reach: Reach, provider: Provider, **settings: Any) -> dict[str, Any]:
    """librdkafka's own way to tokens."""
    made = {
        "bootstrap.servers": reach.bootstrap,
        "security.protocol": "SASL_SSL",
        "ssl.ca.location": str(reach.credentials.ca),
        "https.ca.location": str(provider.ca),
        "sasl.mechanism": "OAUTHBEARER",
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.client.id": CLIENT,
        "sasl.oauthbearer.client.secret": SECRET,
        "sasl.oauthbearer.scope": "kafka",
        "sasl.oauthbearer.token.endpoint.url": provider.token_endpoint,
        "log_level": 2,
    }
    return made | {name.replace("_", "."): value for name, value in settings.items()}


def java_with_tokens(reach: Reach, provider: Provider) -> Path:
    """The Java clients' own way to tokens (KIP-768)."""
    package = "org.apache.kafka.common.security.oauthbearer"
    login = (
        f'{package}.OAuthBearerLoginModule required clientId="{CLIENT}" clientSecret="{SECRET}" scope="kafka" '
        f'ssl.truststore.type="PEM" ssl.truststore.location="{provider.ca}";'
    )
    return _properties(
        reach,
        {
            "sasl.mechanism": "OAUTHBEARER",
            "sasl.jaas.config": login,
            "sasl.login.callback.handler.class": f"{package}.OAuthBearerLoginCallbackHandler",
            "sasl.oauthbearer.token.endpoint.url": provider.token_endpoint,
        },
    )


def _properties(reach: Reach, more: Mapping[str, str]) -> Path:
    properties = {
        "bootstrap.servers": reach.bootstrap,
        "security.protocol": "SASL_SSL",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(reach.credentials.ca),
    }
    with tempfile.NamedTemporaryFile("w", dir=reach.credentials.key.parent, suffix=".properties", delete=False) as file:
        file.write("".join(f"{name}={value}\n" for name, value in (properties | dict(more)).items()))
    return Path(file.name)
