"""What becomes of photos at a place of the bands, counted by hand."""

import pytest

from engine.reporting.facts import Bands
from engine.reporting.scores import Scores, histogram

SCORES = Scores.of(good=[0.3, 0.1, 0.2, 0.6], bad=[0.9, 0.25, 0.5])


def test_photos_are_counted_by_what_they_are_and_what_the_detector_says() -> None:
    found = SCORES.outcomes(Bands(0.25, 0.5))
    assert [(each.count, each.total) for each in (found.missed, found.bad_again, found.caught)] == [
        (1, 3), (1, 3), (1, 3),
    ]  # fmt: skip
    assert [each.count for each in (found.passed, found.good_again, found.false_alarms)] == [2, 1, 1]


def test_a_rate_has_an_interval() -> None:
    caught = SCORES.outcomes(Bands(0.0, 0.0)).caught
    assert (caught.count, caught.total, caught.high) == (3, 3, 1.0)
    assert caught.low == pytest.approx(0.4385, abs=1e-4)  # Wilson's, of 3 of 3


def test_without_photos_nothing_is_known() -> None:
    found = Scores().outcomes(Bands(0.5, 0.5))
    assert (found.caught.total, found.caught.low, found.caught.high) == (0, 0.0, 1.0)
    assert Scores().range == (0.0, 1.0)


def test_every_score_is_in_one_bin() -> None:
    low, high = SCORES.range
    edges = [low + (high - low) * place / 7 for place in range(8)]
    assert sum(histogram(SCORES.good, edges)) == 4
    assert histogram([0.1, 0.2, 0.2, 0.3], [0.0, 0.1, 0.2, 0.3]) == (1, 2, 1)


def test_one_score_has_a_range() -> None:
    low, high = Scores.of([0.5], []).range
    assert low < 0.5 < high
