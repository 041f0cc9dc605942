"""A TLS peer's certificate (DER) → what it says about its holder. TLS has verified it; here it is only read."""

from __future__ import annotations

from hashlib import sha256

from cryptography import x509
from cryptography.x509.oid import NameOID

from zoneproxy.errors import ProtocolError
from zoneproxy.policy.model import PeerFacts

MAX_NAMES = 1000  # names in one certificate; matching goes through all of them

# RFC 4514 names the first nine; the others are what OpenSSL and Java show.
_SHORT_NAMES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.LOCALITY_NAME: "L",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COUNTRY_NAME: "C",
    NameOID.STREET_ADDRESS: "STREET",
    NameOID.DOMAIN_COMPONENT: "DC",
    NameOID.USER_ID: "UID",
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.EMAIL_ADDRESS: "emailAddress",
    NameOID.SURNAME: "SN",
    NameOID.GIVEN_NAME: "GN",
    NameOID.TITLE: "title",
}


def peer_facts(der: bytes) -> PeerFacts:
    """Subject and alternative names, each value for itself and in the certificate's order (RFC 5280).

    An attribute type without a short name is given by its dotted OID. Raises ProtocolError: ``certificate`` if the
    bytes are none, ``certificate_name`` if a name holds control characters (a NUL has ended names early in other
    software, and none has a reason to be there), ``certificate_names`` if there are more than MAX_NAMES.
    """
    certificate = _load(der)
    try:
        subject = tuple(_subject(certificate.subject))
        dns, uri, email = _alternative_names(certificate)
    except (ValueError, TypeError, UnicodeError) as error:
        raise ProtocolError("certificate") from error
    names = [value for _, value in subject] + [*dns, *uri, *email]
    if len(names) > MAX_NAMES:
        raise ProtocolError("certificate_names")
    if not all(map(_plain, names)):
        raise ProtocolError("certificate_name")
    return PeerFacts(subject=subject, dns=dns, uri=uri, email=email, fingerprint=sha256(der).hexdigest())


def expiry(pem: bytes) -> float:
    """When the first certificate of a PEM file ends, in seconds since the epoch. ProtocolError if there is none."""
    try:
        return x509.load_pem_x509_certificate(pem).not_valid_after_utc.timestamp()
    except ValueError as error:
        raise ProtocolError("certificate") from error


def valid_until(der: bytes) -> float:
    """When a certificate ends, in seconds since the epoch. Raises ProtocolError (``certificate``)."""
    return _load(der).not_valid_after_utc.timestamp()


def _load(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as error:
        raise ProtocolError("certificate") from error


def _subject(name: x509.Name) -> list[tuple[str, str]]:
    found = []
    for rdn in name.rdns:
        for attribute in rdn:
            if isinstance(attribute.value, str):  # a unique identifier (BIT STRING) names nobody
                found.append((_SHORT_NAMES.get(attribute.oid, attribute.oid.dotted_string), attribute.value))
    return found


def _alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), (), ()
    return (
        tuple(names.get_values_for_type(x509.DNSName)),
        tuple(names.get_values_for_type(x509.UniformResourceIdentifier)),
        tuple(names.get_values_for_type(x509.RFC822Name)),
    )


def _plain(name: str) -> bool:
    return not any(character < " " or character == "\x7f" for character in name)
