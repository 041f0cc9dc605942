"""A topic of an upstream → units."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zoneproxy.app.scanning.batches import units_of
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.net.assembly import load_contexts
from zoneproxy.net.diallers import make_diallers
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.net.observer import NullObserver
from zoneproxy.net.reading import TopicReader
from zoneproxy.net.worker import Bounds

if TYPE_CHECKING:
    from zoneproxy.app.scanning.units import Unit
    from zoneproxy.config.model import Config
    from zoneproxy.net.observer import Observer


@dataclass(slots=True)
class _Process:
    """What connections need of the process."""

    observer: Observer
    bounds: Bounds
    clock: Callable[[], float] = time.time
    read_buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(READ_BUFFER)))


async def units_of_topic(
    topic: str, upstream: str, config: Config, told: Callable[[str, int, int], None]
) -> AsyncIterator[Unit]:
    """The records of a topic, by the name it has on the upstream, with the proxy's own credential.

    ``told`` hears of each partition: its name, the offsets that are done, and how many there are.

    Raises InvalidConfiguration; UpstreamError, ProtocolError and TimeoutError if it cannot be read.
    """
    cluster, observer = ClusterView(), NullObserver()
    contexts = load_contexts(config, observer)
    with ThreadPoolExecutor(1) as executor:
        diallers = make_diallers(
            upstream,
            config.upstreams[upstream],
            cluster,
            contexts,
            _Process(observer, Bounds(connect=config.limits.connect_timeout_seconds)),
            executor,
        )
        reader = TopicReader(topic, cluster, diallers.own, time.time)
        async for piece in reader.read():
            for unit in units_of(piece.records, f"{topic}-{piece.partition}"):
                yield unit
            told(f"{topic}-{piece.partition}", piece.offset - piece.first, piece.last - piece.first)
            await asyncio.sleep(0)
