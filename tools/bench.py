"""`make bench`: what zoneproxy costs, against a direct connection in the same run.

Each round runs every case directly and then through the proxy; figures are medians over the rounds, without a first
one that warms broker and proxy. The proxy's CPU
time is the primary figure: it does not move when client or broker take the other cores. GB and MB are 10^9 and
10^6 bytes of record values, uncompressed. Broker (a real Apache Kafka), clients (Kafka's own and BenchClients.java)
and proxy all run on this machine, plaintext on both sides.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.kafka import java
from tools.benchmarks.broker import BenchBroker
from tools.benchmarks.clients import PARTITIONS, Clients
from tools.benchmarks.connections import memory_of_connections
from tools.benchmarks.payload import write_payload
from tools.benchmarks.proxy import start_proxy
from tools.benchmarks.report import Row, machine_shape, markdown, terminal_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.benchmarks.clients import SmallRequests, Throughput
    from tools.proxy_process import ProxyProcess

# case -> (topic prefix, codec, bar in CPU seconds per GB)
THROUGHPUT = {
    "authorisation only": ("plain", "none", 1.0),
    "four detectors, clean JSON": ("scanned", "none", 5.0),
    "four detectors, clean JSON, lz4": ("scanned", "lz4", 6.0),
}
CASES = ("throughput", "small", "memory")


class Bench:
    """The cases, against one broker and one proxy. ``say`` gets a line about each run."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        broker: BenchBroker,
        clients: Clients,
        proxy: ProxyProcess,
        address: str,
        say: Callable[[str], None],
    ) -> None:
        self._arguments = arguments
        self._broker = broker
        self._clients = clients
        self._proxy = proxy
        self._say = say
        self._targets: tuple[tuple[str, str, int | None], ...] = (
            ("direct", broker.address, None),
            ("proxy", address, proxy.pid),
        )

    def throughput(self, case: str) -> list[Row]:
        """Produce and consume large batches."""
        prefix, codec, bar = THROUGHPUT[case]
        produced: dict[str, list[Throughput]] = {"direct": [], "proxy": []}
        consumed: dict[str, list[Throughput]] = {"direct": [], "proxy": []}
        records = self._arguments.records
        for number in self._rounds():
            for name, address, pid in self._targets:
                with self._broker.topic(prefix, PARTITIONS) as topic:
                    produce = self._clients.produce(address, pid, topic, records, codec)
                    consume = self._clients.consume(address, pid, topic, records)
                self._say(f"{case}, round {number}, {name}: {produce} {consume}")
                if number:
                    produced[name].append(produce)
                    consumed[name].append(consume)
        return _throughput_rows(f"produce, {case}", produced, bar) + _throughput_rows(f"consume, {case}", consumed, bar)

    def small(self) -> list[Row]:
        """Small requests, one in flight."""
        runs: dict[str, list[SmallRequests]] = {"direct": [], "proxy": []}
        seconds = self._arguments.seconds
        for number in self._rounds():
            for name, address, pid in self._targets:
                with self._broker.topic("plain", 1) as topic:
                    run = self._clients.small(address, pid, topic, seconds / 2, seconds)
                self._say(f"small requests, round {number}, {name}: {run}")
                if number:
                    runs[name].append(run)
        pairs = list(zip(runs["direct"], runs["proxy"], strict=True))
        cpu = [run.cpu_per_request / 1000 for run in runs["proxy"]]  # us each = ms a thousand
        return [
            _row("small requests, one in flight: rate", "% of direct", _ratios(pairs, "per_second"), ">= 50"),
            _row("small requests: added latency, p50", "us", [p.p50 - d.p50 for d, p in pairs]),
            _row("small requests: added latency, p99", "us", [p.p99 - d.p99 for d, p in pairs]),
            _row("small requests: CPU for 1,000", "s", cpu, "<= 0.09"),
        ]

    def _rounds(self) -> range:
        """Round 0 does not count: a JVM's first gigabyte says more about its compiler than about anybody's speed."""
        return range(self._arguments.rounds + 1)

    def memory(self) -> list[Row]:
        """Connections and rest. Run it first: memory that load has left behind is not the connections'."""
        with self._broker.topic("plain", 1) as topic:
            count = self._arguments.connections
            address, pid = self._targets[1][1], self._proxy.pid
            memory = memory_of_connections(address, pid, count, topic)
        self._say(f"{count} connections: {memory}")
        return [
            _row("start until ready", "s", [self._proxy.ready_after], "<= 3"),
            _row("memory at rest", "MiB", [memory.idle / 1024], "<= 120"),
            _row(f"memory of each of {count:,} connections", "KiB", [memory.each], "<= 40"),
        ]


def _throughput_rows(what: str, runs: dict[str, list[Throughput]], bar: float) -> list[Row]:
    pairs = list(zip(runs["direct"], runs["proxy"], strict=True))
    return [
        _row(f"{what}: CPU", "s/GB", [run.cpu_per_gb for run in runs["proxy"]], f"<= {bar:g}"),
        _row(f"{what}: throughput", "MB/s", [run.megabytes_per_second for run in runs["proxy"]]),
        _row(f"{what}: throughput", "% of direct", _ratios(pairs, "megabytes_per_second")),
    ]


def _ratios(pairs: Sequence[tuple[object, object]], attribute: str) -> list[float]:
    return [100 * getattr(proxy, attribute) / getattr(direct, attribute) for direct, proxy in pairs]


def _row(what: str, unit: str, values: list[float], bar: str = "") -> Row:
    median = statistics.median(values)
    met = None
    if bar:
        relation, limit = bar.split()
        met = median <= float(limit) if relation == "<=" else median >= float(limit)
    return Row(what, unit, median, min(values), max(values), bar, met)


def measure(arguments: argparse.Namespace, console: Console) -> list[Row]:
    """Run what was asked for."""
    say = (lambda text: console.print(text, style="dim", highlight=False)) if arguments.verbose else (lambda _: None)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="zoneproxy-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        broker = stack.enter_context(BenchBroker())
        clients = Clients(folder, write_payload(folder / "payload"))
        proxy, address = start_proxy(folder / "proxy", broker.address)
        stack.enter_context(proxy)
        bench = Bench(arguments, broker, clients, proxy, address, say)
        rows: list[Row] = []
        if "memory" in arguments.case:
            rows += bench.memory()
        if "small" in arguments.case:
            rows += bench.small()
        if "throughput" in arguments.case:
            for case in THROUGHPUT:
                with console.status(case):
                    rows += bench.throughput(case)
        return rows


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print; 0 if every bar was met."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n\n")[2] if __doc__ else None)
    parser.add_argument("--case", action="append", choices=CASES, help="only this; may be given more than once")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records", type=int, default=300_000, help="of 1 KiB, for each throughput run")
    parser.add_argument("--seconds", type=float, default=4.0, help="measured in each run of small requests")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the tables there")
    parser.add_argument("--verbose", action="store_true", help="show each run")
    arguments = parser.parse_args(given)
    arguments.case = arguments.case or list(CASES)
    console = Console()
    try:
        java.check()
    except java.MissingTool as error:
        console.print(str(error), markup=False)
        return 1
    rows = measure(arguments, console)
    console.print(terminal_table(rows))
    if arguments.markdown:
        arguments.markdown.write_text(markdown(rows, machine_shape(_versions(arguments))))
    return 0 if all(row.met is not False for row in rows) else 1


def _versions(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    jar = next(java.jars().glob("kafka_2.13-*.jar")).stem
    loop = importlib.metadata.version("uvloop")
    size = f"{arguments.rounds} rounds, {arguments.records:,} records of 1 KiB in each throughput run"
    kafka = re.sub(r"^kafka_2.13-", "", jar)
    return [("event loop", f"uvloop {loop}"), ("broker and clients", f"Apache Kafka {kafka}"), ("run", size)]


if __name__ == "__main__":
    sys.exit(main())
