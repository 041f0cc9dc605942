"""`make bench`: what zoneproxy costs, against a direct connection and a bare relay in the same run.

Each round runs every case directly, through a relay that knows nothing of Kafka (but not where records are looked
into: a relay does not), and through the proxy. Figures are medians over the rounds, without a first one that warms
broker and proxy. The proxy's CPU time is the primary figure: it does not move when client or broker take the other
cores, and the relay's says how fast the machine is. GB and MB are 10^9 and 10^6 bytes of record values, uncompressed.
Broker (a real Apache Kafka), clients (Kafka's own and BenchClients.java) and proxy all run on this machine, plaintext
on both sides.
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

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.kafka import java
from tools.benchmarks.broker import BenchBroker
from tools.benchmarks.clients import PARTITIONS, Clients
from tools.benchmarks.connections import memory_of_connections
from tools.benchmarks.payload import write_payload
from tools.benchmarks.proxy import start_proxy
from tools.benchmarks.relay import RelayProcess
from tools.benchmarks.report import INTRODUCTION, Row, build, console, machine_shape, terminal_table, write
from tools.benchmarks.scanning import REFERENCE, pattern_speed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from tools.benchmarks.clients import SmallRequests, Throughput
    from tools.proxy_process import ProxyProcess

# case -> (topic prefix, codec, bar in CPU seconds per GB)
THROUGHPUT = {
    "authorisation only": ("plain", "none", 1.0),
    "four detectors, clean JSON": ("scanned", "none", 5.0),
    "four detectors, clean JSON, lz4": ("scanned", "lz4", 6.0),
}
# What the relay costs on the machine for which the bars were set: CPU seconds per GB, microseconds per small request.
REFERENCE_GB = {"produce": 0.41, "consume": 0.53}
REFERENCE_SMALL = 26.0
CASES = ("throughput", "small", "memory")


class Bench:
    """The cases, against one broker and one proxy. ``say`` gets a line about each run."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        broker: BenchBroker,
        clients: Clients,
        relay: RelayProcess,
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
            ("relay", f"127.0.0.1:{broker.relay}", relay.pid),
            ("proxy", address, proxy.pid),
        )
        self._floor = dict(REFERENCE_GB)  # what the relay costs here; known after the first case of throughput
        self._plain: dict[str, float] = {}  # what the proxy costs here where it looks into nothing

    def throughput(self, case: str) -> list[Row]:
        """Produce and consume large batches."""
        prefix, codec, bar = THROUGHPUT[case]
        targets = [target for target in self._targets if prefix == "plain" or target[0] != "relay"]
        runs: dict[str, dict[str, list[Throughput]]] = {
            way: {name: [] for name, *_ in targets} for way in ("produce", "consume")
        }
        records, patterns = self._arguments.records, []
        for number in self._rounds():
            for name, address, pid in targets:
                with self._broker.topic(prefix, PARTITIONS) as topic:
                    produce = self._clients.produce(address, pid, topic, records, codec)
                    consume = self._clients.consume(address, pid, topic, records)
                self._say(f"{case}, round {number}, {name}: {produce} {consume}")
                if number:
                    runs["produce"][name].append(produce)
                    runs["consume"][name].append(consume)
            if number and prefix == "scanned":
                patterns.append(pattern_speed(self._clients.payload))
        rows = [_row(f"RE2 while all cores are busy, beside: {case}", "MB/s", patterns)] if patterns else []
        for way, named in runs.items():
            rows += self._throughput_rows(way, case, named, bar, patterns)
        return rows

    def _throughput_rows(
        self, way: str, case: str, runs: dict[str, list[Throughput]], bar: float, patterns: list[float]
    ) -> list[Row]:
        rows, what = [], f"{way}, {case}"
        if "relay" in runs:
            relay = [run.cpu_per_gb for run in runs["relay"]]
            self._floor[way] = statistics.median(relay)
            rows.append(_row(f"{way}, bare relay: CPU", "s/GB", relay))
        cpu = [run.cpu_per_gb for run in runs["proxy"]]
        scaled = self._scaled(way, statistics.median(cpu), patterns)
        pairs = list(zip(runs["direct"], runs["proxy"], strict=True))
        return [
            *rows,
            _row(f"{what}: CPU", "s/GB", cpu, f"<= {bar:g}", scaled / statistics.median(cpu)),
            _row(f"{what}: throughput", "MB/s", [run.megabytes_per_second for run in runs["proxy"]]),
            _row(f"{what}: throughput", "% of direct", _ratios(pairs, "megabytes_per_second")),
        ]

    def _scaled(self, way: str, cpu: float, patterns: list[float]) -> float:
        """What ``cpu`` would be on the bars' machine: forwarding by the relay, looking through records by RE2."""
        forwarding = REFERENCE_GB[way] / self._floor[way]
        if not patterns:
            self._plain[way] = cpu
            return cpu * forwarding
        plain = min(self._plain.get(way, 0.0), cpu)
        return plain * forwarding + (cpu - plain) * statistics.median(patterns) / REFERENCE

    def small(self) -> list[Row]:
        """Small requests, one in flight."""
        runs: dict[str, list[SmallRequests]] = {name: [] for name, *_ in self._targets}
        seconds = self._arguments.seconds
        for number in self._rounds():
            for name, address, pid in self._targets:
                with self._broker.topic("plain", 1) as topic:
                    run = self._clients.small(address, pid, topic, seconds / 2, seconds)
                self._say(f"small requests, round {number}, {name}: {run}")
                if number:
                    runs[name].append(run)
        pairs = list(zip(runs["direct"], runs["proxy"], strict=True))
        cpu = {name: [run.cpu_per_request for run in those] for name, those in runs.items() if name != "direct"}
        speed = REFERENCE_SMALL / statistics.median(cpu["relay"])
        return [
            _row("small requests, one in flight: rate", "% of direct", _ratios(pairs, "per_second"), ">= 50"),
            _row("small requests: added latency, p50", "us", [p.p50 - d.p50 for d, p in pairs]),
            _row("small requests: added latency, p99", "us", [p.p99 - d.p99 for d, p in pairs]),
            _row("small requests, bare relay: CPU each", "us", cpu["relay"]),
            _row("small requests: CPU each", "us", cpu["proxy"], "<= 90", speed),
        ]

    def _rounds(self) -> range:
        """Round 0 does not count: a JVM's first gigabyte says more about its compiler than about anybody's speed."""
        return range(self._arguments.rounds + 1)

    def memory(self) -> list[Row]:
        """Connections and rest. Run it first: memory that load has left behind is not the connections'."""
        with self._broker.topic("plain", 1) as topic:
            count = self._arguments.connections
            address, pid = self._targets[-1][1], self._proxy.pid
            memory = memory_of_connections(address, pid, count, topic)
        self._say(f"{count} connections: {memory}")
        return [
            _row("start until ready", "s", [self._proxy.ready_after], "<= 3"),
            _row("memory at rest", "MiB", [memory.idle / 1024], "<= 120"),
            _row(f"memory of each of {count:,} connections", "KiB", [memory.each], "<= 40"),
        ]


def _ratios(pairs: Sequence[tuple[object, object]], attribute: str) -> list[float]:
    return [100 * getattr(proxy, attribute) / getattr(direct, attribute) for direct, proxy in pairs]


def _row(what: str, unit: str, values: list[float], bar: str = "", speed: float | None = None) -> Row:
    """``speed``: this machine's share of the reference's time for the same work; the bar is for that one."""
    median = statistics.median(values)
    scaled = None if speed is None else median * speed
    met = None
    if bar:
        relation, limit = bar.split()
        held = median if scaled is None else scaled
        met = held <= float(limit) if relation == "<=" else held >= float(limit)
    return Row(what, unit, median, min(values), max(values), bar, met, scaled)


def measure(arguments: argparse.Namespace, terminal: Console) -> list[Row]:
    """Run what was asked for."""
    say = (lambda text: terminal.print(text, style="dim", highlight=False)) if arguments.verbose else (lambda _: None)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="zoneproxy-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        broker = stack.enter_context(BenchBroker())
        relay = stack.enter_context(RelayProcess(broker.relay, broker.relayed))
        clients = Clients(folder, write_payload(folder / "payload"))
        proxy, address = start_proxy(folder / "proxy", broker.address)
        stack.enter_context(proxy)
        bench = Bench(arguments, broker, clients, relay, proxy, address, say)
        rows: list[Row] = []
        if "memory" in arguments.case:
            rows += bench.memory()
        if "small" in arguments.case:
            rows += bench.small()
        if "throughput" in arguments.case:
            for case in THROUGHPUT:
                with terminal.status(case):
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
    terminal = console()
    try:
        java.check()
    except java.MissingTool as error:
        terminal.print(str(error), markup=False)
        return 1
    rows = measure(arguments, terminal)
    terminal.print(terminal_table(rows))
    terminal.print(f"build: {build()}")
    if arguments.markdown:
        write(arguments.markdown, INTRODUCTION, rows, machine_shape(_versions(arguments)))
    return 0 if all(row.met is not False for row in rows) else 1


def _versions(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    jar = next(java.jars().glob("kafka_2.13-*.jar")).stem
    loop = importlib.metadata.version("uvloop")
    size = f"{arguments.rounds} rounds, {arguments.records:,} records of 1 KiB in each throughput run"
    kafka = re.sub(r"^kafka_2.13-", "", jar)
    return [("event loop", f"uvloop {loop}"), ("broker and clients", f"Apache Kafka {kafka}"), ("run", size)]


if __name__ == "__main__":
    sys.exit(main())
