"""Throw-away certificates for the demo and the benchmarks: one authority, and what it signs.

Keys are on the curve P-256 and never leave the folder they are written to; everything ends after a few days.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LIFETIME = timedelta(days=7)
ATTRIBUTES = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME}


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key as PEM files; ``both`` holds the two, as Java's PEM keystores want them."""

    certificate: Path
    key: Path
    both: Path


class Authority:
    """A certificate authority that lives in ``folder``; ``certificate`` is what peers must trust."""

    def __init__(self, folder: Path, name: str = "zoneproxy demo CA") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = subject_name({"CN": name})
        builder = _builder(self._name, self._name, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        signed = builder.add_extension(identifier, critical=False).sign(self._key, hashes.SHA256())
        self.certificate = folder / "ca.crt"
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        file_name: str,
        subject: Mapping[str, str],
        *,
        hosts: Sequence[str] = (),
        uris: Sequence[str] = (),
        emails: Sequence[str] = (),
    ) -> Certificate:
        """Sign a certificate for ``subject`` ({"CN": ..., "O": ...}) and the given subject alternative names."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(subject_name(subject), self._name, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(authority, critical=False)
        names = [_host(host) for host in hosts]
        names += [x509.UniformResourceIdentifier(uri) for uri in uris]
        names += [x509.RFC822Name(email) for email in emails]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return self._write(file_name, builder.sign(self._key, hashes.SHA256()), key)

    def _write(self, file_name: str, signed: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Certificate:
        files = Certificate(*(self._folder / f"{file_name}.{kind}" for kind in ("crt", "key", "pem")))
        certificate = signed.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        files.certificate.write_bytes(certificate)
        for file, content in ((files.key, secret), (files.both, secret + certificate)):
            file.touch(mode=0o600)
            file.write_bytes(content)
        return files


def subject_name(subject: Mapping[str, str]) -> x509.Name:
    """{"CN": "x", "O": "y"} as a distinguished name."""
    return x509.Name([x509.NameAttribute(ATTRIBUTES[key], value) for key, value in subject.items()])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(minutes=5)).not_valid_after(now + LIFETIME)


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
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


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
