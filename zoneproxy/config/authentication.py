"""What zoneproxy.yaml says of SASL: mechanisms, passwords, and who issues tokens."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from zoneproxy.config.validation import Section, Text, Whole, refuse

Auth = Literal["mtls", "sasl", "both"]
MechanismName = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

SASL_IN_THE_CLEAR = "passwords, tokens and data are not encrypted"
PASSWORD_MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")

_WEB = ("https://", "http://")


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    for index, value in enumerate(values):
        if value in values[:index]:
            refuse(f"`{value}` is listed twice")
    return values


class ListenerSasl(Section):
    """SASL at a listener. Clients are told the mechanisms in this order."""

    mechanisms: Annotated[tuple[MechanismName, ...], Field(min_length=1), AfterValidator(_unique)]
    oauth: Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_unique)] | None = None
    max_session_seconds: (
        Annotated[Whole, Field(ge=60, le=30 * 86_400, description="then clients have to authenticate again")] | None
    ) = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.oauth is not None and "OAUTHBEARER" not in self.mechanisms:
            refuse("`oauth` has an effect only with the mechanism OAUTHBEARER", "leave it out")
        return self

    @property
    def takes_passwords(self) -> bool:
        """Whether users with passwords may come."""
        return any(each in PASSWORD_MECHANISMS for each in self.mechanisms)


class CredentialsConfig(Section):
    """Where the verifiers of passwords are: a file that ``zoneproxy credentials`` writes."""

    file: Text


def https_url(value: str) -> str:
    """The URL; refuses what is none, or is not encrypted."""
    if not value.startswith("https://") or not value.isascii() or not value.isprintable() or " " in value:
        refuse(f"`{value[:80]}` is not an https URL", "keys that come in the clear could be anybody's")
    return value


class SigningKeysConfig(Section):
    """Where a provider's signing keys (JWKS) are: at a URL, or in a file that something else keeps fresh."""

    url: Annotated[Text, AfterValidator(https_url)] | None = None
    ca: Annotated[Text, Field(description="the CA file for the URL; default: the system's")] | None = None
    file: Text | None = None
    refresh_seconds: Annotated[Whole, Field(ge=30, le=86_400)] = 300
    min_interval_seconds: Annotated[Whole, Field(ge=5, le=3_600)] = 30
    max_age_seconds: Annotated[Whole, Field(ge=300, le=30 * 86_400)] = 86_400

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.url is None) == (self.file is None):
            refuse("signing keys are at exactly one of `url` and `file`", 'as in: {url: "https://login.example.com/…"}')
        if self.ca is not None and self.url is None:
            refuse("`ca` has an effect only with `url`", "leave it out")
        return self


class OauthProvider(Section):
    """Who issues tokens, and what they must say."""

    issuer: Annotated[Text, Field(description="the claim `iss`, exactly")]
    audience: Annotated[tuple[Text, ...], Field(min_length=1, description="one of these must be in `aud`")]
    jwks: SigningKeysConfig
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1), AfterValidator(_unique)] = ("RS256",)
    clock_skew_seconds: Annotated[Whole, Field(ge=0, le=300)] = 30
    principal_claim: Text = "sub"
    groups_claim: Text | None = None
    required_scopes: tuple[Text, ...] = ()
    acr: Annotated[tuple[Text, ...], Field(description="one of these must be the claim `acr`")] = ()
    amr: Annotated[tuple[Text, ...], Field(description="all of these must be in the claim `amr`")] = ()

    @model_validator(mode="after")
    def _is_a_url(self) -> Self:
        if not self.issuer.startswith(_WEB):
            refuse(f"`{self.issuer[:80]}` is not the URL of an issuer", "as in its tokens' claim `iss`")
        return self
