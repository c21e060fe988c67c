"""What is said of samples."""

import time

import pytest

from anogen_gui.model.wording import count_of
from anogen_gui.ui.curate.words import box_sizes, file_stem, local_time, stars_of
from engine.geometry import Box


@pytest.mark.parametrize(("count", "words"), [(0, "0 samples"), (1, "1 sample"), (12000, "12000 samples")])
def test_numbers_agree_with_their_words(count: int, words: str) -> None:
    assert count_of(count, "sample") == words


def test_no_stars_are_no_number() -> None:
    assert [stars_of(stars) for stars in (0, 1, 5)] == ["no stars", "1 star", "5 stars"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "1 Feb 2026, 22:30"),
        ("Europe/Berlin", "1 Feb 2026, 23:30"),
        ("Asia/Tokyo", "2 Feb 2026, 07:30"),
    ],
)
def test_times_are_those_of_the_clock_here(monkeypatch: pytest.MonkeyPatch, zone: str, words: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert local_time("2026-02-01T22:30:15.123456+00:00") == words
    monkeypatch.undo()
    time.tzset()


def test_a_time_that_is_none_is_told_as_it_is() -> None:
    assert local_time("yesterday") == "yesterday"


def test_boxes_are_told_by_their_sides() -> None:
    upright = Box(center_x=1, center_y=1, width=80.4, height=60)
    turned = Box(center_x=1, center_y=1, width=8, height=9, angle_deg=-12.4)
    assert box_sizes((upright, turned)) == "80 × 60 px\n8 × 9 px, −12°"
    assert box_sizes(()) == "none"


def test_many_boxes_are_only_counted() -> None:
    assert box_sizes([Box(center_x=1, center_y=1, width=8, height=9)] * 9).splitlines()[-1] == "and 5 more"


def test_a_file_is_called_by_its_stem() -> None:
    assert file_stem("photos/good/part 7.png") == "part 7"
