"""How a principal gets to Kafka, in the words of each client library."""

from __future__ import annotations

import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.kafka.cluster import java_properties

if TYPE_CHECKING:
    from tests.kafka.certificates import Credentials


@dataclass(frozen=True, slots=True)
class Reach:
    """An address to start from and the certificate to show there."""

    bootstrap: str
    credentials: Credentials

    def confluent(self, **settings: Any) -> dict[str, Any]:
        """Settings of librdkafka; in ``settings`` write ``_`` for ``.``."""
        return {
            "bootstrap.servers": self.bootstrap,
            "security.protocol": "SSL",
            "ssl.ca.location": str(self.credentials.ca),
            "ssl.certificate.location": str(self.credentials.certificate),
            "ssl.key.location": str(self.credentials.key),
            "log_level": 2,
            "reconnect.backoff.ms": 20,
            "reconnect.backoff.max.ms": 500,
        } | {name.replace("_", "."): value for name, value in settings.items()}

    def kafka_python(self, **settings: Any) -> dict[str, Any]:
        """Arguments of kafka-python's clients."""
        return {
            "bootstrap_servers": self.bootstrap.split(","),
            "security_protocol": "SSL",
            "ssl_context": self.context(),
        } | settings

    def aiokafka(self, **settings: Any) -> dict[str, Any]:
        """Arguments of aiokafka's clients."""
        return {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": "SSL",
            "ssl_context": self.context(),
        } | settings

    def java(self, **properties: Any) -> list[str]:
        """Arguments of Kafka's command line tools; in ``properties`` write ``_`` for ``.``."""
        return ["--bootstrap-server", self.bootstrap, "--command-config", str(self.java_properties(**properties))]

    def java_properties(self, **properties: Any) -> Path:
        """A properties file for a Java client, the bootstrap address included."""
        text = java_properties(self.credentials, bootstrap_servers=self.bootstrap, **properties)
        with tempfile.NamedTemporaryFile(
            "w", dir=self.credentials.key.parent, suffix=".properties", delete=False
        ) as file:
            file.write(text)
        return Path(file.name)

    def context(self) -> ssl.SSLContext:
        """TLS as a client, host names verified."""
        context = ssl.create_default_context(cafile=str(self.credentials.ca))
        context.load_cert_chain(self.credentials.certificate, self.credentials.key)
        return context
