"""TLS contexts from files, and the watch over the files: changed ones are in use without a restart.

A connection keeps the context that it was made with. Files that cannot be used never replace those that can: a
certificate and its key are rarely replaced in one step, and the moment between must not cut clients off.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from zoneproxy.errors import InvalidConfiguration, Problem, ProtocolError
from zoneproxy.identity.certificate import expiry
from zoneproxy.net.observer import Observer
from zoneproxy.net.stamps import MISSING, Stamp, stamp, stamps

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Names of PEM files: ours, and the CAs that the peer's certificate is checked against.

    ``ca`` is None where clients are asked for no certificate; ``crl`` where none is looked up among the revoked.
    """

    ca: str | None
    certificate: str | None = None
    key: str | None = None
    min_version: Literal["1.2", "1.3"] = "1.3"
    crl: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every file."""
        return tuple(name for name in (self.certificate, self.key, self.ca, self.crl) if name)


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """For a listener: every client must show a certificate that is good for a client (RFC 5280 4.2.1.12), or none.

    No session is ever resumed: a ticket would carry a client past the check of its certificate. Raises OSError
    (ssl.SSLError included) if a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_NONE if files.ca is None else ssl.CERT_REQUIRED
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
    return _load(context, files)


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """For an upstream: its certificate and its host name are always checked. Raises OSError as above."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert context.check_hostname
    return _load(context, files)


def _load(context: ssl.SSLContext, files: TlsFiles) -> ssl.SSLContext:
    context.minimum_version = _VERSIONS[files.min_version]
    if files.ca is not None:
        context.load_verify_locations(cafile=files.ca)
        if not context.cert_store_stats()["x509_ca"]:
            raise ssl.SSLError("no CA certificate in the CA file")
    if files.crl is not None:
        # From here on a certificate whose issuer has no list in there, or only one that is too old, is refused, too.
        context.load_verify_locations(cafile=files.crl)
        if not context.cert_store_stats()["crl"]:
            raise ssl.SSLError("no revocation list in the CRL file")
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if files.certificate and files.key:
        # Encrypted keys are not supported: without a password OpenSSL would ask for one on the terminal.
        context.load_cert_chain(files.certificate, files.key, password=lambda: "-")
    return context


class TlsContext:
    """The context in use for one listener or upstream, ``owner``.

    Raises:
        InvalidConfiguration: its files cannot be used.
    """

    def __init__(
        self, owner: str, files: TlsFiles, build: Callable[[TlsFiles], ssl.SSLContext], observer: Observer
    ) -> None:
        self.owner = owner
        self._files = files
        self._build = build
        self._observer = observer
        self._stamp = self._stamps()
        try:
            self.context = self._fresh()
        except (OSError, ProtocolError) as error:
            raise InvalidConfiguration([self._problem(error)]) from error

    def prepare(self, step: Callable[[ssl.SSLContext], ssl.SSLContext]) -> None:
        """Do ``step`` to the context in use, and to each one loaded from now on."""
        build = self._build
        self._build = lambda files: step(build(files))
        step(self.context)

    def refresh(self) -> None:
        """Load the files again if any was changed since they were last read. Reads files; never raises."""
        found = self._stamps()
        if found == self._stamp:
            return
        self._stamp = found
        try:
            self.context = self._fresh()
        except (OSError, ProtocolError) as error:
            self._observer.certificate_refused(self.owner, reason_of(error))

    def _fresh(self) -> ssl.SSLContext:
        context = self._build(self._files)
        if self._files.certificate:
            self._observer.certificate_loaded(self.owner, expiry(Path(self._files.certificate).read_bytes()))
        return context

    def _stamps(self) -> tuple[Stamp, ...]:
        return stamps(self._files.names)

    def _problem(self, error: Exception) -> Problem:
        missing = [name for name in self._files.names if stamp(name) == MISSING]
        file = missing[0] if missing else self._files.certificate or self._files.ca or ""
        return Problem(file, 0, 0, f"TLS files of {self.owner} cannot be used: {reason_of(error)}")


def reason_of(error: Exception) -> str:
    """A fixed word for why TLS files cannot be used."""
    if isinstance(error, ssl.SSLError):
        return "key_does_not_fit" if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH" else "unusable"
    if isinstance(error, FileNotFoundError):
        return "missing"
    return "unreadable" if isinstance(error, OSError) else "unusable"


class Refreshing(Protocol):
    """What is made from files and can be made again."""

    def refresh(self) -> None:
        """Do so if they have changed; never raises."""
        ...


async def watch(contexts: Iterable[Refreshing], interval: float) -> None:
    """Refresh ``contexts`` every ``interval`` seconds, until cancelled.

    The files are small and local: reading them takes less than it would to hand that to a thread.
    """
    held = tuple(contexts)
    while True:
        await asyncio.sleep(interval)
        for context in held:
            context.refresh()
