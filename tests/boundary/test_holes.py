from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.holes import SEQUENCES, ProducerHoles, Sequenced, is_after


def batch(sequence: int, *, epoch: int = 0, producer: int = 1, topic: str = "t", partition: int = 0) -> Sequenced:
    return Sequenced(producer, epoch, topic, partition, sequence)


def test_without_a_hole_everything_is_in_order() -> None:
    holes = ProducerHoles()

    assert not holes.out_of_order(batch(5))
    assert holes.count == 0


def test_after_a_block_later_batches_wait_for_the_blocked_sequence() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))

    assert holes.out_of_order(batch(10))
    assert holes.out_of_order(batch(15))
    assert not holes.out_of_order(batch(5))
    holes.fill(batch(5))
    assert not holes.out_of_order(batch(10))
    assert holes.count == 0


def test_earlier_batches_are_retries_and_go_on() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))

    assert not holes.out_of_order(batch(0))
    holes.fill(batch(0))
    assert holes.out_of_order(batch(10))


def test_a_new_epoch_ends_the_hole_with_its_first_batch() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))

    assert holes.out_of_order(batch(7, epoch=1))
    assert not holes.out_of_order(batch(0, epoch=1))
    assert holes.out_of_order(batch(7, epoch=1))
    holes.fill(batch(0, epoch=1))
    assert not holes.out_of_order(batch(7, epoch=1))
    assert holes.count == 0


def test_an_old_epoch_is_the_brokers_to_fence() -> None:
    holes = ProducerHoles()
    holes.note(batch(5, epoch=1))

    assert not holes.out_of_order(batch(7, epoch=0))
    assert holes.out_of_order(batch(7, epoch=1))


def test_holes_are_of_one_producer_and_partition() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))

    assert not holes.out_of_order(batch(7, producer=2))
    assert not holes.out_of_order(batch(7, topic="u"))
    assert not holes.out_of_order(batch(7, partition=1))


def test_the_earliest_hole_stands_for_later_ones() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))
    holes.note(batch(10))
    assert holes.out_of_order(batch(10))
    holes.note(batch(0))

    assert holes.out_of_order(batch(5))


def test_a_hole_of_a_newer_epoch_replaces_an_older_one() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))
    holes.note(batch(0, epoch=1))

    assert not holes.out_of_order(batch(0, epoch=1))
    assert holes.out_of_order(batch(1, epoch=1))


def test_of_a_newer_epoch_the_broker_has_seen_nothing_whatever_was_kept_from_it() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))
    holes.note(batch(9, epoch=1))

    assert holes.out_of_order(batch(9, epoch=1))
    assert not holes.out_of_order(batch(0, epoch=1))


def test_is_bounded_and_forgets_the_one_asked_about_longest_ago() -> None:
    holes = ProducerHoles(max_holes=2)
    holes.note(batch(0, producer=1))
    holes.note(batch(0, producer=2))
    assert holes.out_of_order(batch(5, producer=1))
    holes.note(batch(0, producer=3))

    assert holes.count == 2
    assert not holes.out_of_order(batch(5, producer=2))
    assert holes.out_of_order(batch(5, producer=1))
    assert holes.out_of_order(batch(5, producer=3))


def test_sequences_wrap_round() -> None:
    holes = ProducerHoles()
    holes.note(batch(SEQUENCES - 5))

    assert holes.out_of_order(batch(0))
    assert not holes.out_of_order(batch(SEQUENCES - 10))


@given(st.integers(0, SEQUENCES - 1), st.integers(1, SEQUENCES // 2 - 1))
def test_what_comes_after_does_not_come_before(base: int, distance: int) -> None:
    later = (base + distance) % SEQUENCES

    assert is_after(later, base)
    assert not is_after(base, later)
    assert not is_after(base, base)


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=12))
def test_a_renumbering_producer_gets_everything_through_once_and_in_order(batches: list[tuple[int, bool]]) -> None:
    """Batches in flight with sizes, some dirty: the producer drops dirty ones, renumbers and sends the rest again."""
    holes, stored, rounds = ProducerHoles(), [], 0
    waiting = [(number, size, dirty) for number, (size, dirty) in enumerate(batches)]
    sequence = 0
    while waiting:
        rounds += 1
        assert rounds <= len(batches) + 1
        again, at = [], sequence
        for number, size, dirty in waiting:
            sent = batch(at)
            at += size
            if holes.out_of_order(sent):
                again.append((number, size, dirty))
            elif dirty:
                holes.note(sent)
            else:
                holes.fill(sent)
                assert sent.base_sequence == sequence
                stored.append(number)
                sequence += size
        waiting = again

    assert stored == [number for number, (_, dirty) in enumerate(batches) if not dirty]


class Broker:
    """One that takes any first sequence of a producer it does not know, behind a proxy that blocks what is dirty."""

    def __init__(self) -> None:
        self.holes = ProducerHoles()
        self.stored: list[int] = []
        self._next: tuple[int, int] | None = None  # epoch and sequence

    def answer(self, number: int, size: int, dirty: bool, epoch: int, sequence: int) -> str:
        sent = batch(sequence, epoch=epoch)
        if self.holes.out_of_order(sent):
            return "out of order"
        if dirty:
            self.holes.note(sent)
            return "blocked"
        self.holes.fill(sent)
        known = self._next or (epoch, sequence)
        expected = known[1] if epoch == known[0] else 0
        assert epoch >= known[0]
        if sequence > expected:
            return "out of order"
        if sequence == expected:  # otherwise a duplicate: acknowledged, not stored
            self.stored.append(number)
            self._next = (epoch, sequence + size)
        return "stored"


class Java:
    """Its idempotent producer: a new epoch after each refusal, in which all that is in flight is numbered anew.

    What comes back out of order is sent again, one at a time; new batches may have gone out before it comes back.
    """

    def __init__(self, batches: list[tuple[int, bool]], broker: Broker) -> None:
        self._fresh = [(number, size, dirty) for number, (size, dirty) in enumerate(batches)]
        self._broker = broker
        self._flight: dict[int, tuple[int, bool, int]] = {}  # number -> size, dirty, sequence
        self._again: set[int] = set()
        self._replies: list[tuple[int, str]] = []
        self._epoch = self._sequence = 0

    @property
    def done(self) -> bool:
        return not self._fresh and not self._flight

    def send(self) -> bool:
        if self._again:
            first = min(self._flight)
            if first not in self._again:
                return False
            self._again.remove(first)
            self._transmit(first)
        elif self._fresh and len(self._flight) < 5:
            number, size, dirty = self._fresh.pop(0)
            self._flight[number] = (size, dirty, self._sequence)
            self._sequence += size
            self._transmit(number)
        else:
            return False
        return True

    def receive(self) -> bool:
        if not self._replies:
            return False
        number, word = self._replies.pop(0)
        if word == "out of order":
            self._again.add(number)
            return True
        del self._flight[number]
        if word == "blocked":
            self._epoch, self._sequence = self._epoch + 1, 0
            for other, (size, dirty, _) in sorted(self._flight.items()):
                self._flight[other] = (size, dirty, self._sequence)
                self._sequence += size
        return True

    def _transmit(self, number: int) -> None:
        size, dirty, sequence = self._flight[number]
        self._replies.append((number, self._broker.answer(number, size, dirty, self._epoch, sequence)))


@given(st.lists(st.tuples(st.integers(1, 3), st.booleans()), min_size=1, max_size=12), st.lists(st.booleans()))
def test_a_producer_that_begins_an_epoch_after_each_refusal_does_too(
    batches: list[tuple[int, bool]], receives_first: list[bool]
) -> None:
    broker = Broker()
    producer = Java(batches, broker)
    choices = iter(receives_first)
    while not producer.done:
        if next(choices, False):
            assert producer.receive() or producer.send()
        else:
            assert producer.send() or producer.receive()

    assert broker.stored == [number for number, (_, dirty) in enumerate(batches) if not dirty]
