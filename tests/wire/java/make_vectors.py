"""Make tests/wire/batch_vectors.json.gz with Kafka's own Java classes:

    python -m tests.wire.java.make_vectors FOLDER

where FOLDER holds the Kafka jars. Run it when Kafka's version changes; the same jars give the same file.
"""

from __future__ import annotations

import sys

from tests.wire.batch_oracles import VECTORS, Vector, run_java, save_vectors


def main() -> None:
    (folder,) = sys.argv[1:]
    vectors = [v for v in run_java("java", f"{folder}/*", "write") if isinstance(v, Vector)]
    save_vectors(vectors)
    print(f"{len(vectors)} batches in {VECTORS}")


if __name__ == "__main__":
    main()
