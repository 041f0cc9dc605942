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


def test_a_new_epoch_ends_the_hole() -> None:
    holes = ProducerHoles()
    holes.note(batch(5))

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
    holes.note(batch(9, epoch=1))

    assert not holes.out_of_order(batch(9, epoch=1))
    assert holes.out_of_order(batch(10, epoch=1))


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
