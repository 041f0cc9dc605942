"""The clients: Kafka's ProducerPerformance, and BenchClients.java for what it has no tool for."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.kafka import java
from tools.benchmarks.broker import java_command
from tools.benchmarks.payload import RECORD_BYTES
from tools.benchmarks.processes import Used, watching

PARTITIONS = 4
SMALL_BYTES = 100


@dataclass(frozen=True, slots=True)
class Throughput:
    """One run of large batches. GB and MB are 10^9 and 10^6 bytes of record values, uncompressed."""

    megabytes_per_second: float
    cpu_per_gb: float


@dataclass(frozen=True, slots=True)
class SmallRequests:
    """One run of single small requests."""

    per_second: float
    p50: float  # microseconds
    p99: float
    cpu_per_request: float  # microseconds


class Clients:
    """Runs clients one at a time, and watches the process ``pid`` (the proxy) meanwhile."""

    def __init__(self, folder: Path, payload: Path) -> None:
        self.payload = payload  # a record on each line
        self._classes = folder / "classes"
        source = Path(__file__).with_name("BenchClients.java")
        compiler = shutil.which("javac") or str(Path(java.java()).with_name("javac"))
        subprocess.run([compiler, "-d", self._classes, "-cp", java.classpath(), source], check=True)

    def produce(self, address: str, pid: int | None, topic: str, records: int, codec: str) -> Throughput:
        """Large batches, acks=all, as fast as it goes."""
        settings = ["acks=all", "batch.size=131072", "linger.ms=10", f"compression.type={codec}"]
        command = java_command(
            "org.apache.kafka.tools.ProducerPerformance",
            *("--topic", topic, "--num-records", str(records), "--payload-file", str(self.payload)),
            *("--throughput", "-1", "--bootstrap-server", address, "--command-property", *settings),
        )
        with watching(pid) as used:
            out = _run(command)
        found = re.findall(r"^(\d+) records sent, ([\d.]+) records/sec", out, re.MULTILINE)
        if not found or int(found[-1][0]) < records:
            raise RuntimeError(out[-2000:])
        return _throughput(records, records / float(found[-1][1]), used)

    def consume(self, address: str, pid: int | None, topic: str, records: int) -> Throughput:
        """All of a topic, with the consumer's defaults."""
        command = self._ours("consume", address, topic, str(PARTITIONS), str(records))
        with watching(pid) as used:
            out = _run(command)
        count, _, seconds = out.split("DONE ")[-1].split()
        if int(count) < records:
            raise RuntimeError(f"consumed {count} of {records} records")
        return _throughput(records, float(seconds), used)

    def small(self, address: str, pid: int | None, topic: str, warm_up: float, seconds: float) -> SmallRequests:
        """One request in flight, one record in each."""
        command = self._ours("small", address, topic, str(warm_up), str(seconds), str(SMALL_BYTES))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert process.stdout
        lines: list[str] = []
        used = Used()
        for line in process.stdout:
            lines.append(line)
            if line.startswith("WARM"):
                with watching(pid) as used:
                    lines += _until(process, "CLOSED")
        if process.wait() or "DONE" not in lines[-1]:
            raise RuntimeError("".join(lines)[-2000:])
        count, window, p50, p99 = map(float, lines[-1].split()[1:])
        return SmallRequests(count / window, p50, p99, 1e6 * used.cpu / count)

    def _ours(self, *arguments: str) -> list[str]:
        return java_command("BenchClients", *arguments, more=(self._classes,))


def _throughput(records: int, seconds: float, used: Used) -> Throughput:
    size = records * RECORD_BYTES
    return Throughput(size / 1e6 / seconds, used.cpu / (size / 1e9))


def _until(process: subprocess.Popen[str], word: str) -> list[str]:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith(word):
            break
    return lines


def _run(command: list[str]) -> str:
    begun = time.monotonic()
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode} after {time.monotonic() - begun:.0f} s\n{done.stdout[-2000:]}")
    return done.stdout
