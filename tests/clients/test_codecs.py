"""Every client library, every codec: what one produces it gets back, and the codec stays what it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients import jvm
from tests.clients.drivers import CODECS, DRIVERS, Driver

if TYPE_CHECKING:
    from tests.clients.admin import Direct
    from tests.clients.reach import Reach

RECORDS = [(b"key-%d" % n, b'{"order": %d, "items": [%s]}' % (n, b"1, " * (n % 40) + b"1")) for n in range(300)]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("driver", DRIVERS)
def test_records_come_back(driver: type[Driver], codec: str, insider: Reach, direct: Direct) -> None:
    topic = direct.topic()

    driver.produce(insider, topic, RECORDS, codec)

    assert driver.consume(insider, topic, len(RECORDS)) == RECORDS
    stored = direct.codecs(topic)
    assert codec in stored
    assert stored <= {codec, "none"}  # a client sends a small batch as it is where compression would not pay


def test_java_performance_tools(insider: Reach, direct: Direct) -> None:
    topic = direct.topic(partitions=2)
    load = ("--topic", topic, "--num-records", "20000", "--record-size", "100", "--throughput", "-1")

    jvm.run("org.apache.kafka.tools.ProducerPerformance", *load, *insider.java())
    reading = ("--topic", topic, "--num-records", "20000", "--timeout", "30000")
    output = jvm.run("org.apache.kafka.tools.ConsumerPerformance", *reading, *insider.java())

    assert "20000" in output.replace(",", " ").split()
    assert sum(len(direct.values(topic, n)) for n in range(2)) == 20000
