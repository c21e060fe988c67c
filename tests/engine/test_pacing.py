"""The pace of live pictures beside a job."""

import pytest

from engine.pacing import EVERY_S, OWED_S, REST_S, SAVED_S, SHARE, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def test_the_first_picture_comes_at_once_and_the_rest_when_the_box_rests(pace: Pace, clock: Clock) -> None:
    asked_at = clock.now
    assert pace.may_show()
    assert not pace.may_go_on(asked_at)
    clock.now += REST_S
    assert pace.may_go_on(asked_at)


def test_first_pictures_do_not_follow_each_other_too_soon(pace: Pace, clock: Clock) -> None:
    pace.show()
    assert not pace.may_show()
    clock.now += EVERY_S
    assert pace.may_show()


def test_what_was_saved_can_be_spent_and_comes_again_with_time(pace: Pace, clock: Clock) -> None:
    pace.spend(SAVED_S + 0.04)
    assert not pace.may_show()
    assert not pace.may_go_on(clock.now - 2 * REST_S)
    clock.now += 0.9 * 0.04 / SHARE
    assert not pace.may_show()
    clock.now += 0.2 * 0.04 / SHARE
    assert pace.may_show()


def test_something_is_kept_for_a_first_picture_while_another_is_drawn_to_its_end(
    pace: Pace, clock: Clock
) -> None:
    clock.now = REST_S
    while pace.may_go_on(0.0):
        pace.spend(0.01)
    assert pace.may_show()


def test_no_picture_waits_long_for_what_a_slow_one_has_taken(pace: Pace, clock: Clock) -> None:
    pace.spend(30)
    assert not pace.may_show()
    clock.now += 1.01 * OWED_S / SHARE
    assert pace.may_show()


def test_no_more_is_saved_than_a_little(pace: Pace, clock: Clock) -> None:
    clock.now += 3600
    pace.spend(SAVED_S + 0.001)
    assert not pace.may_show()


def test_over_a_minute_pictures_take_no_more_than_their_share(pace: Pace, clock: Clock) -> None:
    start, taken_s = clock.now, 0.0
    while clock.now < start + 60:
        if pace.may_show():
            clock.now += 0.02
            taken_s += 0.02
            pace.spend(0.02)
            pace.show()
        clock.now += 0.003
    assert SHARE * 60 < taken_s < SHARE * 60 + SAVED_S + 0.02
