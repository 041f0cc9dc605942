"""Make tests/wire/messages/vectors.jsonl.gz with Kafka's own Java classes:

    python -m tests.wire.java.make_message_vectors FOLDER

where FOLDER holds the Kafka jars. Run it when Kafka's version changes; the same jars give the same lines.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

from tests.wire.messages.vectors import FILE

PROGRAM = Path(__file__).parent / "MessageVectors.java"


def print_vectors(java: str, classpath: str) -> bytes:
    """One JSON object a line."""
    return subprocess.run([java, "-cp", classpath, PROGRAM], check=True, capture_output=True).stdout


def main() -> None:
    (folder,) = sys.argv[1:]
    lines = print_vectors("java", f"{folder}/*")
    FILE.write_bytes(gzip.compress(lines, 9, mtime=0))
    print(f"{lines.count(10)} messages in {FILE}")


if __name__ == "__main__":
    main()
