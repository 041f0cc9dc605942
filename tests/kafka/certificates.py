"""Identities for tests: certificates of throw-away authorities, in the forms that clients and brokers want."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools import certificates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Credentials:
    """The files of one identity: certificate, key, both in one (Kafka's PEM keystore), and whom to trust."""

    certificate: Path
    key: Path
    keystore: Path
    ca: Path

    def trusting(self, ca: Path) -> Credentials:
        """The same identity, for use with peers that another authority vouches for."""
        return Credentials(self.certificate, self.key, self.keystore, ca)


class Authority:
    """A certificate authority whose files live in ``folder``; ``ca`` is its certificate."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._authority = certificates.Authority(folder, name)
        self.ca = self._authority.certificate

    def issue(
        self, name: str, subject: Mapping[str, str] | None = None, hosts: Sequence[str] = (), uris: Sequence[str] = ()
    ) -> Credentials:
        """A certificate for ``subject`` (CN=name if none is given), good for servers and clients alike."""
        made = self._authority.issue(name, subject or {"CN": name}, hosts=hosts, uris=uris)
        keystore = self._folder / f"{name}.pem"
        keystore.write_bytes(made.key.read_bytes() + made.certificate.read_bytes())
        return Credentials(made.certificate, made.key, keystore, self.ca)
