from __future__ import annotations

from zoneproxy.net.admission import Admission


def test_no_more_than_so_many_altogether() -> None:
    admission = Admission(2, 2)
    assert admission.enter("a") is None
    assert admission.enter("b") is None
    assert admission.enter("c") == "too_many"
    admission.leave("a")
    assert admission.enter("c") is None
    assert len(admission) == 2


def test_no_more_than_so_many_from_one_host() -> None:
    admission = Admission(10, 1)
    assert admission.enter("a") is None
    assert admission.enter("a") == "too_many_from_host"
    assert admission.enter("b") is None
    admission.leave("a")
    assert admission.enter("a") is None


def test_hosts_that_have_left_are_forgotten() -> None:
    admission = Admission(10, 10)
    for n in range(1000):
        admission.enter(str(n))
        admission.leave(str(n))
    assert not len(admission)
    assert not admission._by_host


def test_nobody_enters_where_it_is_crowded() -> None:
    admission = Admission(10, 10)
    admission.crowded = True
    assert admission.enter("a") == "memory"
    assert not len(admission)
