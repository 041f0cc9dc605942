from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from zoneproxy.app.watching import SETTLING_LOOKS, Fingerprint, fingerprint, watch


def state(*names: str) -> Fingerprint:
    return tuple((name, 1, 1, 1) for name in names)


def test_a_fingerprint_tells_states_of_policy_files_apart(tmp_path: Path) -> None:
    policy = tmp_path / "a.yaml"
    policy.write_text("a")
    seen = {fingerprint(tmp_path)}
    for change in (
        lambda: policy.write_text("ab"),
        lambda: os.utime(policy, ns=(5, 5)),
        lambda: (tmp_path / "b.yml").write_text(""),
        lambda: policy.rename(tmp_path / "c.yaml"),
    ):
        change()
        assert fingerprint(tmp_path) not in seen
        seen.add(fingerprint(tmp_path))
    before = fingerprint(tmp_path)
    (tmp_path / ".hidden.yaml").write_text("")
    (tmp_path / "notes.txt").write_text("")
    assert fingerprint(tmp_path) == before


def test_a_folder_behind_a_link_that_is_moved(tmp_path: Path) -> None:
    """As Kubernetes replaces a mounted ConfigMap."""
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
        (tmp_path / number / "a.yaml").write_text("a")
        os.utime(tmp_path / number / "a.yaml", ns=(5, 5))
    link = tmp_path / "policies"
    link.symlink_to(tmp_path / "1")
    before = fingerprint(link)
    link.unlink()
    link.symlink_to(tmp_path / "2")
    assert fingerprint(link) != before


def test_a_folder_that_cannot_be_read_is_like_none(tmp_path: Path) -> None:
    assert fingerprint(tmp_path / "nowhere") == ()


class Looks:
    """States, one at each look; the last one stays."""

    def __init__(self, *states: Fingerprint) -> None:
        self._states: Iterator[Fingerprint] = iter(states)
        self._last: Fingerprint = ()
        self.count = 0
        self.enough = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def __call__(self) -> Fingerprint:
        self.count += 1
        try:
            self._last = next(self._states)
        except StopIteration:
            self.loop.call_soon_threadsafe(self.enough.set)
        return self._last


@asynccontextmanager
async def watching(looks: Looks) -> AsyncIterator[list[int]]:
    changes: list[int] = []
    seen = state("a")

    async def changed() -> None:
        nonlocal seen
        changes.append(looks.count)
        seen = looks._last

    task = asyncio.create_task(watch(looks, lambda: seen, changed, 0.001))
    yield changes
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_a_change_is_taken_when_it_has_settled() -> None:
    looks = Looks(state("a"), state("b"), state("c"), state("c"), state("c"))
    async with watching(looks) as changes:
        await looks.enough.wait()
    assert changes == [4]


async def test_without_change_nothing_happens() -> None:
    looks = Looks(state("a"), state("a"), state("a"))
    async with watching(looks) as changes:
        await looks.enough.wait()
    assert changes == []


async def test_who_never_stops_writing_is_not_waited_for_for_ever() -> None:
    looks = Looks(*(state(f"b{number}") for number in range(20)))
    async with watching(looks) as changes:
        await looks.enough.wait()
    assert changes[0] == 1 + SETTLING_LOOKS
    assert len(changes) >= 2
