"""Certificates for tests, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


def name(common_name: str, organisation: str = "Acme") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass
class Identity:
    """A certificate and its key, as bytes and, once ``save``d, as files."""

    certificate: bytes
    key: bytes
    certificate_file: str = ""
    key_file: str = ""

    @property
    def der(self) -> bytes:
        return x509.load_pem_x509_certificate(self.certificate).public_bytes(Encoding.DER)

    def save(self, folder: Path, stem: str) -> Identity:
        self.certificate_file, self.key_file = str(folder / f"{stem}.crt"), str(folder / f"{stem}.key")
        Path(self.certificate_file).write_bytes(self.certificate)
        Path(self.key_file).write_bytes(self.key)
        return self


class Authority:
    """Signs certificates."""

    def __init__(self, common_name: str = "test authority") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = name(common_name)
        self._certificate = (
            self._builder(self._name, self._key, days=30)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.pem = self._certificate.public_bytes(Encoding.PEM)

    def save(self, folder: Path, stem: str = "ca") -> str:
        path = folder / f"{stem}.crt"
        path.write_bytes(self.pem)
        return str(path)

    def issue(
        self,
        subject: x509.Name | str,
        *,
        alternative: Sequence[x509.GeneralName] = (),
        usage: Sequence[ObjectIdentifier] | None = (CLIENT, SERVER),
        days: int = 30,
    ) -> Identity:
        """A certificate that ends in ``days`` (negative: has ended). ``usage`` None: without that extension."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(name(subject) if isinstance(subject, str) else subject, key, days)
        if alternative:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        if usage is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        return Identity(
            builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM),
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )

    def revoke(self, folder: Path, *identities: Identity, days: int = 30, stem: str = "crl") -> str:
        """A file with the list of these certificates, good for ``days`` (negative: no longer)."""
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(now - timedelta(days=60)).next_update(now + timedelta(days=days))
        for identity in identities:
            serial = x509.load_pem_x509_certificate(identity.certificate).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now).build()
            builder = builder.add_revoked_certificate(entry)
        path = folder / f"{stem}.crl"
        path.write_bytes(builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))
        return str(path)

    def server(self, *hosts: str, days: int = 30) -> Identity:
        """A server certificate for these host names and addresses (``localhost`` and 127.0.0.1 if none)."""
        return self.issue("server", alternative=[_host(h) for h in hosts or ("localhost", "127.0.0.1")], days=days)

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
        )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
