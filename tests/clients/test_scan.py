"""``zoneproxy scan`` reads a topic of the real cluster with the proxy's own certificate."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.clients.drivers import Confluent
from tests.detect.samples import CARD

if TYPE_CHECKING:
    from tests.clients.admin import Direct
    from tests.kafka.proxy import Proxy


def test_a_topic_is_looked_through(proxy: Proxy, direct: Direct) -> None:
    topic = direct.topic()
    records = [(b"key-%d" % n, f"pays with {CARD}".encode() if n % 10 == 3 else b"pays cash") for n in range(40)]
    Confluent.produce(direct.reach, topic, records, "zstd")

    command = [sys.executable, "-m", "zoneproxy", "scan", "--topic", topic, "--upstream", "payments-kafka"]
    options = ["-c", str(proxy.config), "--types", "pci", "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert told["looked_through"]["units"] == 40
    assert told["types"]["PAYMENT_CARD"]["count"] == 4
    assert all(each["where"].startswith(f"{topic}-") for each in told["findings"])
    assert CARD not in done.stdout + done.stderr
