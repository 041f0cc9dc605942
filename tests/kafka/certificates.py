"""Throw-away certificate authorities and certificates, as PEM files."""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LIFETIME = datetime.timedelta(days=30)
_ATTRIBUTES = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME}


@dataclass(frozen=True, slots=True)
class Credentials:
    """The files of one identity: certificate, PKCS#8 key, both in one (Kafka's PEM keystore), and who to trust."""

    certificate: Path
    key: Path
    keystore: Path
    ca: Path


class Authority:
    """A certificate authority whose files live in ``folder``; ``ca`` is its certificate."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _subject({"CN": name})
        self.ca = folder / "ca.crt"
        builder = _builder(self._name, self._name, self._key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        certificate = builder.add_extension(_usage(signs_certificates=True), critical=True).sign(
            self._key, hashes.SHA256()
        )
        self.ca.write_bytes(certificate.public_bytes(Encoding.PEM))

    def issue(
        self, name: str, subject: dict[str, str] | None = None, dns: Sequence[str] = (), addresses: Sequence[str] = ()
    ) -> Credentials:
        """A certificate for ``subject`` (CN=name if none is given), good for servers and clients alike."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_subject(subject or {"CN": name}), self._name, key)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
        )
        names: list[x509.GeneralName] = [x509.DNSName(host) for host in dns]
        names += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        certificate = builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files = Credentials(*(self._folder / f"{name}.{kind}" for kind in ("crt", "key", "pem")), self.ca)
        files.certificate.write_bytes(certificate)
        files.key.write_bytes(secret)
        files.keystore.write_bytes(secret + certificate)
        return files


def _subject(attributes: dict[str, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(_ATTRIBUTES[short], value) for short, value in attributes.items()])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
