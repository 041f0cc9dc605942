"""`make bench-detect`: how fast records are looked through and redacted, on one core, with all detectors.

Everything is measured in CPU time of this process, in the same rounds as two fixed pieces of work whose speed is known
for the machine that the bars were set on: one pattern in google-re2, and Luhn's check. *Scaled* is the median
at that machine's speed, and is what a bar is held against: the pattern of stage 1 is scaled by the first, all else by
the mean of both. Memory is handled as in the proxy. Nothing goes over a network; but stalls are those of an event loop
that hands large batches to a thread, as the proxy's does. These are wall-clock times: a busy machine makes them longer.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import uvloop

from tools.benchmarks.events import BATCH, batches, records
from tools.benchmarks.report import DETECTION, Row, build, console, machine_shape, terminal_table, write
from tools.benchmarks.scanning import ONE_PATTERN, REFERENCE
from zoneproxy.app.memory import keep_freed_memory, relax_collector
from zoneproxy.app.run import SWITCH_SECONDS
from zoneproxy.boundary.batches import treat_produce
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.interceptor import Work
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.work_size import work_size
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.check_digits import DOUBLED
from zoneproxy.detect.patterns import Pattern, compile_pattern
from zoneproxy.detect.scanner import Scanner
from zoneproxy.detect.stage_one import StageOne
from zoneproxy.net.needs import Needs
from zoneproxy.policy.controls import Control, Depth, RedactField, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.batch import Whole, walk
from zoneproxy.wire.compression import Codec, DecompressionLimits

COUNT = 4000  # records of each kind
LIMITS = DecompressionLimits()
CROSSING = Crossing("produce", "events", 0)
MASK = Transform(TransformKind.MASK, keep_last=4)
ALL = tuple(DETECTORS)
# What the machine of the bars does: checks of card numbers a second. For one pattern see ``scanning``.
REFERENCE_LUHN = 1_450_000.0
CARD = b"4111111111111111"
CHECKS = 20_000
SMALL = (
    b'{"name":"Jane Roe","email":"jane.roe@example.com","card":"4111111111111111",'
    b'"city":"Leeds","total":12.5,"n":12345678}'
)
FIELDS = ("$.name", "$.email", "$.card")
MEGABYTE = 1e6
STALL_BATCH = 2000  # records: one MiB

Measured = Callable[[], float]


def seconds(work: Callable[[], object]) -> float:
    """CPU time that ``work`` takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def find_all(pattern: Pattern, data: bytes) -> int:
    """How often ``pattern`` matches, asked as stage 1 asks."""
    count = pos = 0
    while span := pattern.next_span(data, pos):
        count, pos = count + 1, span[1]
    return count


def find_places(scanner: Scanner, data: bytes) -> int:
    """How many places stage 1 points at, asked as for a batch."""
    count = 0
    place = scanner.next_place(data, 0)
    while place is not None:
        count += 1
        place = scanner.next_place(data, place.at + 1)
    return count


def luhn(digits: bytes) -> bool:
    """Luhn's check as zoneproxy's, but always in plain Python: work that is the same whatever is measured."""
    backwards = digits[::-1]
    plain = backwards[::2]
    doubled = backwards[1::2].translate(DOUBLED)
    return (sum(plain) - ord("0") * len(plain) + sum(doubled)) % 10 == 0


def redact_all(depth: Depth = Depth.FAST) -> Control:
    """Whatever any detector finds."""
    return RedactFinding("hide everything", ALL, 0.5, MASK, depth=depth)


class Speeds:
    """How fast this machine is next to that of the bars; measured once a round."""

    def __init__(self, data: bytes) -> None:
        self._pattern = compile_pattern(ONE_PATTERN)
        self._data = data
        self.pattern: list[float] = []
        self.luhn: list[float] = []

    def measure(self) -> None:
        """One round."""
        self.pattern.append(len(self._data) / MEGABYTE / seconds(lambda: find_all(self._pattern, self._data)))
        self.luhn.append(CHECKS / seconds(lambda: [luhn(CARD) for _ in range(CHECKS)]))

    @property
    def of_pattern(self) -> list[float]:
        """The bars' machine's speed as a multiple of this one's, in each round."""
        return [REFERENCE / speed for speed in self.pattern]

    @property
    def of_all(self) -> list[float]:
        """The same for patterns and Python together."""
        pairs = zip(self.of_pattern, self.luhn, strict=True)
        return [math.sqrt(pattern * REFERENCE_LUHN / luhns) for pattern, luhns in pairs]


def treated(data: Sequence[bytes], controls: Sequence[Control]) -> Callable[[], None]:
    """All of ``data``, which are batches, through the controls."""
    plan = ControlPlan(tuple(controls), {})
    entries = [entry for batch in data for entry in walk(batch)]

    def work() -> None:
        for entry in entries:
            assert isinstance(entry, Whole)
            treat_produce(entry, plan, LIMITS, CROSSING)

    work()  # states of the pattern
    return work


class Case:
    """A figure: its unit, its bar, and how one round measures it."""

    def __init__(self, what: str, unit: str, bar: str, measured: Measured, by: str = "all") -> None:
        self.what, self.unit, self.bar, self.measured, self.by = what, unit, bar, measured, by
        self.values: list[float] = []

    def row(self, speeds: Speeds) -> Row:
        """What came out."""
        median = statistics.median(self.values)
        factors = speeds.of_pattern if self.by == "pattern" else speeds.of_all
        pairs = list(zip(self.values, factors, strict=True))
        scaled = statistics.median(value / by if self.unit == "ms" else value * by for value, by in pairs)
        met = None
        if self.bar:
            relation, limit = self.bar.split()
            met = scaled <= float(limit) if relation == "<=" else scaled >= float(limit)
        return Row(self.what, self.unit, median, min(self.values), max(self.values), self.bar, met, scaled)


def cases(count: int) -> Iterator[Case]:
    """All figures."""
    clean = records(count)
    yield from _stage_one(clean)
    for share, bar in ((0.0, ">= 300"), (0.01, ">= 200"), (0.1, ">= 100")):
        values = records(count, share)
        yield _end_to_end(f"end to end, {share:.0%} with findings", values, [redact_all()], bar)
    for codec in (Codec.LZ4, Codec.ZSTD):
        work = treated(list(batches(clean, codec)), [redact_all()])
        yield Case(f"end to end, clean, {codec.name.lower()}", "MB/s", ">= 150", _rate(work, _size(clean)))
    fields = [RedactField("hide fields", path, MASK) for path in FIELDS]
    yield _end_to_end("three fields of every record of 120 B", [SMALL] * count, fields, ">= 150")
    yield _end_to_end("end to end, clean, deep", clean[: count // 4], [redact_all(Depth.DEEP)], "")
    for share, bar in ((0.0, "<= 5"), (0.1, "<= 25")):
        data = list(batches(records(STALL_BATCH, share), size=STALL_BATCH))
        yield Case(f"longest stall of the event loop, 1 MiB batches, {share:.0%}", "ms", bar, partial(stall, data))


def _stage_one(values: Sequence[bytes]) -> Iterator[Case]:
    scanner, shapes = Scanner.of(frozenset(ALL)), StageOne([DETECTORS[type_] for type_ in ALL]).shapes
    chunks = [b"".join(values[at : at + BATCH]) for at in range(0, len(values), BATCH)]
    for work, what, bar in (
        (partial(find_all, shapes), "the pattern alone", ">= 300"),
        (partial(find_places, scanner), "closer looks included", ""),
    ):
        run = partial(_each, work, chunks)
        run()  # states of the pattern
        yield Case(f"stage 1, {len(ALL)} detectors, {what}", "MB/s", bar, _rate(run, _size(values)), "pattern")


def _each(work: Callable[[bytes], object], chunks: Sequence[bytes]) -> None:
    for chunk in chunks:
        work(chunk)


def _end_to_end(what: str, values: Sequence[bytes], controls: Sequence[Control], bar: str) -> Case:
    work = treated(list(batches(values)), controls)
    return Case(what, "k records/s", bar, _rate(work, len(values) / 1000))


def _size(values: Sequence[bytes]) -> float:
    return sum(map(len, values)) / MEGABYTE


def _rate(work: Callable[[], object], amount: float) -> Measured:
    return lambda: amount / seconds(work)


def stall(data: Sequence[bytes], repeat: int = 10) -> float:
    """The longest time (ms) for which an event loop did not run while batches were looked through as by the proxy."""
    sys.setswitchinterval(SWITCH_SECONDS)  # as the proxy does
    plan = ControlPlan((redact_all(),), {})
    entries = [entry for batch in data for entry in walk(batch)] * repeat
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, ThreadPoolExecutor(1) as executor:
        return runner.run(_longest_gap(entries, plan, executor)) * 1000


async def _longest_gap(entries: Sequence[object], plan: ControlPlan, executor: ThreadPoolExecutor) -> float:
    needs = Needs(_NoControl(), executor)
    worst = 0.0
    done = False

    async def tick() -> None:
        nonlocal worst
        last = time.perf_counter()
        while not done:
            await asyncio.sleep(0)
            now = time.perf_counter()
            worst = max(worst, now - last)
            last = now

    ticking = asyncio.ensure_future(tick())
    await asyncio.sleep(0.01)
    for entry in entries:
        assert isinstance(entry, Whole)
        job = Work([partial(_treat, entry, plan)], work_size(entry.view, LIMITS))
        if not needs.at_once([job]):
            await needs.fulfil([job])
    done = True
    await ticking
    return worst


def _treat(batch: Whole, plan: ControlPlan) -> None:
    treat_produce(batch, plan, LIMITS, CROSSING)


class _NoControl:
    """Nothing is looked up here."""

    async def look_up(self, *_names: object, **_more: object) -> None:
        """See LooksUp."""


def measure(count: int, rounds: int, say: Callable[[str], None]) -> tuple[list[Row], Speeds]:
    """All cases, round after round."""
    keep_freed_memory()
    speeds = Speeds(b"\n".join(records(count)))
    all_cases = list(cases(count))
    relax_collector()
    for number in range(rounds):
        speeds.measure()
        for case in all_cases:
            case.values.append(case.measured())
        say(f"round {number + 1}: pattern {speeds.pattern[-1]:.0f} MB/s, Luhn {speeds.luhn[-1] / 1000:.0f} k/s")
    calibration = [
        Row("one pattern in google-re2, no match", "MB/s", *_spread(speeds.pattern), scaled=REFERENCE),
        Row(
            "Luhn's check of 16 digits",
            "k/s",
            *_spread([rate / 1000 for rate in speeds.luhn]),
            scaled=REFERENCE_LUHN / 1000,
        ),
    ]
    return calibration + [case.row(speeds) for case in all_cases], speeds


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    return statistics.median(values), min(values), max(values)


def main(given: Sequence[str] | None = None) -> int:
    """Measure and print; 0 if every bar was met."""
    parser = argparse.ArgumentParser(prog="make bench-detect", description="Measure detection and redaction.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--records", type=int, default=COUNT, help="of each kind")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table there")
    parser.add_argument("--verbose", action="store_true", help="show each round")
    arguments = parser.parse_args(given)
    terminal = console()
    say = (lambda text: terminal.print(text, style="dim", highlight=False)) if arguments.verbose else (lambda _: None)
    rows, _ = measure(arguments.records, arguments.rounds, say)
    terminal.print(terminal_table(rows))
    terminal.print(f"build: {build()}")
    if arguments.markdown:
        size = f"{arguments.rounds} rounds, {arguments.records:,} records of each kind"
        write(arguments.markdown, DETECTION, rows, machine_shape([("run", size)]))
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
