"""Work that goes on in a thread while what came of the one before is used."""

import threading

import pytest

from engine.detection.ahead import work_ahead


def test_in_their_order() -> None:
    for ahead in (1, 3):
        assert list(work_ahead(lambda n: n * n, range(7), ahead)) == [0, 1, 4, 9, 16, 25, 36]
    assert list(work_ahead(str, [])) == []


def test_the_next_one_is_under_way_and_no_more() -> None:
    begun, second_began = list[int](), threading.Event()

    def work(n: int) -> int:
        begun.append(n)
        if n == 1:
            second_began.set()
        return n

    results = work_ahead(work, range(5))
    assert next(results) == 0
    assert second_began.wait(10)
    assert begun == [0, 1]
    results.close()
    assert begun == [0, 1]


def test_what_goes_wrong_is_raised_in_its_place_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    results = work_ahead(lambda n: 1 // n, [2, 1, 0, 1])
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert set(threading.enumerate()) <= before
