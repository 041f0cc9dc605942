"""What is counted for every request, as plain numbers that are turned into metrics only when somebody reads them.

A counter of prometheus_client takes a lock for each step, and six of them for each request cost more than deciding
it. All calls are made on the event loop, so no lock is needed.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DECISIONS = ("forwarded", "replied", "closed")


class Distribution:
    """A histogram: how many values lie at or below each bound and above the one before."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def buckets(self) -> list[tuple[str, float]]:
        """(upper bound, values up to it), as Prometheus wants them."""
        names = [*(repr(float(bound)) for bound in self.bounds), "+Inf"]
        return list(zip(names, accumulate(map(float, self.counts)), strict=True))


class ApiFigures:
    """The figures of one API in one zone."""

    __slots__ = ("added_seconds", "decided", "request_bytes", "response_bytes", "seconds")

    def __init__(self, seconds: Sequence[float], added_seconds: Sequence[float]) -> None:
        self.decided = dict.fromkeys(DECISIONS, 0)
        self.request_bytes = 0
        self.response_bytes = 0
        self.seconds = Distribution(seconds)
        self.added_seconds = Distribution(added_seconds)


class RequestFigures(Collector):
    """All of them, by zone and API; a collector for a registry.

    Args:
        seconds: upper bounds for ``request_seconds``.
        added_seconds: upper bounds for ``added_seconds``.
        help_texts: by the name of each metric, without prefix and suffix.
    """

    def __init__(self, seconds: Sequence[float], added_seconds: Sequence[float], help_texts: Mapping[str, str]) -> None:
        self._bounds = seconds, added_seconds
        self._help = help_texts
        self._apis: dict[tuple[str, str], ApiFigures] = {}

    def of(self, zone: str, api: str) -> ApiFigures:
        """The figures to count in."""
        return self._apis.setdefault((zone, api), ApiFigures(*self._bounds))

    def describe(self) -> Iterator[Metric]:
        """The metrics without values, for the registry to know their names."""
        return iter(RequestFigures(*self._bounds, self._help).collect())

    def collect(self) -> Iterator[Metric]:
        """The metrics as they are now."""
        requests = self._counter("requests", "decision")
        request_bytes = self._counter("request_bytes")
        response_bytes = self._counter("response_bytes")
        seconds = self._histogram("request_seconds")
        added = self._histogram("added_seconds")
        for labels, figures in self._apis.items():
            for decision, count in figures.decided.items():
                requests.add_metric((*labels, decision), count)
            request_bytes.add_metric(labels, figures.request_bytes)
            response_bytes.add_metric(labels, figures.response_bytes)
            seconds.add_metric(labels, figures.seconds.buckets(), figures.seconds.total)
            added.add_metric(labels, figures.added_seconds.buckets(), figures.added_seconds.total)
        return iter((requests, request_bytes, response_bytes, seconds, added))

    def _counter(self, name: str, *labels: str) -> CounterMetricFamily:
        return CounterMetricFamily(f"zoneproxy_{name}", self._help[name], labels=("zone", "api", *labels))

    def _histogram(self, name: str) -> HistogramMetricFamily:
        return HistogramMetricFamily(f"zoneproxy_{name}", self._help[name], labels=("zone", "api"))
