"""What zoneproxy.yaml says of upstreams: where they are, and as whom the proxy comes there."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from zoneproxy.config.addresses import HostPort
from zoneproxy.config.authentication import https_url
from zoneproxy.config.names import Name, TlsVersion
from zoneproxy.config.validation import Section, Text, refuse

UPSTREAM_IN_THE_CLEAR = "the way to this upstream is not encrypted"
LOGIN_IN_THE_CLEAR = "the way to this upstream is not encrypted, and secrets go over it"

_SECRETS_ARE_SENT = ("PLAIN", "OAUTHBEARER", "AWS_MSK_IAM")


class UpstreamTls(Section):
    """TLS towards a cluster. Its host names are verified, always; with a certificate it is mutual."""

    ca: Annotated[Text, Field(description="the CA file that the brokers' certificates are checked against")]
    certificate: Text | None = None
    key: Text | None = None
    min_version: TlsVersion = "1.3"

    @model_validator(mode="after")
    def _pair(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            refuse("`certificate` and `key` go together", "give both, or neither")
        return self


class UpstreamPlaintext(Section):
    """No encryption towards a cluster, and no proof that it is the right one."""

    accept: Literal[
        "the way to this upstream is not encrypted",
        "the way to this upstream is not encrypted, and secrets go over it",
    ]


class TokenEndpoint(Section):
    """Where the proxy gets its tokens: the client credentials grant of RFC 6749, section 4.4."""

    url: Annotated[Text, AfterValidator(https_url)]
    client_id: Text
    client_secret_file: Text
    scope: Text | None = None
    ca: Annotated[Text, Field(description="the CA file for the endpoint; by default the system's CAs")] | None = None


class UpstreamSasl(Section):
    """As whom the proxy logs in. Secrets are in files, read anew for each connection."""

    mechanism: Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN", "OAUTHBEARER", "AWS_MSK_IAM"]
    username: Text | None = None
    password_file: Text | None = None
    token_file: Text | None = None
    token_endpoint: TokenEndpoint | None = None
    region: Annotated[Text, Field(pattern=r"^[a-z0-9-]{1,32}$", description="of AWS: eu-west-1")] | None = None
    credentials_file: (
        Annotated[Text, Field(description="a shared credentials file of AWS; without it, the environment")] | None
    ) = None
    profile: Text | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = self.model_fields_set - {"mechanism"}
        needed, optional = _FIELDS.get(self.mechanism, ({"username", "password_file"}, set()))
        if unfit := given - needed - optional:
            refuse(f"`{min(unfit)}` has no effect with mechanism {self.mechanism}", "leave it out")
        if missing := needed - given:
            refuse(f"mechanism {self.mechanism} needs `{min(missing)}`")
        if self.mechanism == "OAUTHBEARER" and (self.token_file is None) == (self.token_endpoint is None):
            refuse("mechanism OAUTHBEARER needs exactly one of `token_file` and `token_endpoint`")
        if self.profile is not None and self.credentials_file is None:
            refuse("`profile` is one of `credentials_file`, which is missing", "leave it out")
        return self

    @property
    def sends_secrets(self) -> bool:
        """Whether whoever listens in could log in as well."""
        return self.mechanism in _SECRETS_ARE_SENT


# mechanism -> (fields that it needs, fields that it may have)
_FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "OAUTHBEARER": (set(), {"token_file", "token_endpoint"}),
    "AWS_MSK_IAM": ({"region"}, {"credentials_file", "profile"}),
}


class ZoneCredential(Section):
    """As whom the proxy comes for the clients of one zone."""

    certificate: Text | None = None
    key: Text | None = None
    sasl: UpstreamSasl | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if (self.certificate is None) != (self.key is None):
            refuse("`certificate` and `key` go together", "give both, or neither")
        if self.certificate is None and self.sasl is None:
            refuse("a zone's own credential is a `certificate` with its `key`, or `sasl`, or both")
        return self


class UpstreamConfig(Section):
    """A Kafka cluster that zones are served by."""

    bootstrap: Annotated[tuple[HostPort, ...], Field(min_length=1, max_length=64)]
    tls: UpstreamTls | None = None
    plaintext: UpstreamPlaintext | None = None
    sasl: UpstreamSasl | None = None
    zones: dict[Name, ZoneCredential] = Field(
        default_factory=dict, description="zone: as whom the proxy comes for its clients"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.tls is None) == (self.plaintext is None):
            refuse(
                "an upstream needs exactly one of `tls` and `plaintext`",
                f'plaintext must say: {{accept: "{UPSTREAM_IN_THE_CLEAR}"}}',
            )
        if self.plaintext is not None:
            self._plaintext_makes_sense(self.plaintext)
        return self

    def _plaintext_makes_sense(self, plaintext: UpstreamPlaintext) -> None:
        if any(zone.certificate is not None for zone in self.zones.values()):
            refuse("without `tls` a zone's certificate has no effect", "leave it out")
        logins = [self.sasl, *(zone.sasl for zone in self.zones.values())]
        sent = any(login is not None and login.sends_secrets for login in logins)
        if sent != (plaintext.accept == LOGIN_IN_THE_CLEAR):
            wanted = LOGIN_IN_THE_CLEAR if sent else UPSTREAM_IN_THE_CLEAR
            refuse("`plaintext` must say what goes over it", f'plaintext: {{accept: "{wanted}"}}')
