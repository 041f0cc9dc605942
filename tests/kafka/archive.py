"""The class-data archive of this Java, made before the first test that needs a JVM: each then starts in half the time.

It stays beside the jars for the runs to come.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.kafka import java
from tests.kafka.certificates import Authority
from tests.kafka.single import Single

HOST = "127.0.0.29"


def make() -> None:
    """Make it unless it is there: a node is started and stopped, and its JVM writes down the classes it has loaded."""
    if java.archive().exists():
        return
    with tempfile.TemporaryDirectory(dir=java.archive().parent) as made:
        folder, found = Path(made), Path(made, "classes.jsa")
        authority = Authority(folder / "certificates", "authority")
        node = Single(folder / "node", authority, HOST, acls=True, options=(f"-XX:ArchiveClassesAtExit={found}",))
        try:
            node.start()
            node.wait_ready()
            node.stop()
        finally:
            node.close()
        found.replace(java.archive())  # in one step: somebody else may be making it, or starting a JVM
