"""What becomes of test photos at a place of the bands, counted by hand."""

import pytest

from anogen_gui.model.bands import Proposal, for_false_rejects, moved, percent, without_misses
from anogen_gui.model.score_counts import Scores, histogram
from engine.project.rows import RunRow
from engine.reporting.bands import bands_of
from engine.reporting.facts import Bands

SCORES = Scores.of(good=[0.3, 0.1, 0.2, 0.6], bad=[0.9, 0.25, 0.5])


def run(look_again_above: float | None, reject_above: float | None) -> RunRow:
    return RunRow(
        id=1, name="r", anomaly="", job=None, state="done", message="", started="", finished="",
        look_again_above=look_again_above, reject_above=reject_above,
    )  # fmt: skip


def test_photos_are_counted_by_what_they_are_and_what_the_detector_says() -> None:
    counts = SCORES.count(Bands(0.25, 0.5))
    assert [(each.count, each.total) for each in (counts.missed, counts.bad_again, counts.caught)] == [
        (1, 3), (1, 3), (1, 3),
    ]  # fmt: skip
    assert [each.count for each in (counts.passed, counts.good_again, counts.false_alarms)] == [2, 1, 1]


def test_a_rate_has_an_interval() -> None:
    caught = SCORES.count(Bands(0.0, 0.0)).caught
    assert (caught.count, caught.total, caught.high) == (3, 3, 1.0)
    assert caught.low == pytest.approx(0.4385, abs=1e-4)  # Wilson's, of 3 of 3


def test_without_photos_nothing_is_known() -> None:
    counts = Scores().count(Bands(0.5, 0.5))
    assert (counts.caught.total, counts.caught.low, counts.caught.high) == (0, 0.0, 1.0)
    assert Scores().range == (0.0, 1.0)


def test_every_score_is_in_one_bin() -> None:
    low, high = SCORES.range
    edges = [low + (high - low) * place / 7 for place in range(8)]
    assert sum(histogram(SCORES.good, edges)) == 4
    assert histogram([0.1, 0.2, 0.2, 0.3], [0.0, 0.1, 0.2, 0.3]) == (1, 2, 1)


def test_one_score_has_a_range() -> None:
    low, high = Scores.of([0.5], []).range
    assert low < 0.5 < high


# --- bands


def test_bands_are_a_persons_or_those_of_held_out_photos() -> None:
    assert bands_of(run(0.2, 0.4), [0.9]) == Bands(0.2, 0.4)
    assert bands_of(run(None, 0.4), []) == Bands(0.4, 0.4)
    assert bands_of(run(None, None), []) is None
    assert bands_of(run(None, None), [0.3, 0.1]) == Bands(0.3, 0.3, pytest.approx(1 / 3), 2)


def test_a_target_is_reached_with_enough_photos() -> None:
    proposal = for_false_rejects([place / 100 for place in range(99)], 0.1, Bands(0.2, 0.95))
    assert proposal.bands is not None
    assert (proposal.bands.look_again_above, proposal.bands.reject_above) == (0.2, 0.89)
    assert proposal.sentence == "At most 10% of good photos will be rejected, from 99 good photos held out."


def test_with_too_few_photos_it_is_said_what_can_be_promised() -> None:
    proposal = for_false_rejects([0.1, 0.2, 0.3], 0.01, None)
    assert proposal.bands is not None
    assert proposal.bands.reject_above == 0.3
    assert proposal.sentence == (
        "3 good photos held out can promise 25% at best. For 1%, hold out 99 or more."
    )


def test_without_held_out_photos_there_is_no_rate() -> None:
    assert for_false_rejects([], 0.05, None).bands is None


def test_the_photos_that_a_target_asks_for_do_reach_it() -> None:
    few, enough = ([place / 100 for place in range(count)] for count in (18, 19))
    assert "hold out 19" in for_false_rejects(few, 0.05, None).sentence
    assert "At most 5%" in for_false_rejects(enough, 0.05, None).sentence


def test_no_known_bad_photo_is_missed() -> None:
    proposal = without_misses(SCORES, Bands(0.4, 0.5))
    assert proposal.bands is not None
    assert SCORES.count(proposal.bands).missed.count == 0
    assert proposal.bands.reject_above == 0.5
    assert proposal.sentence == "All 3 known bad photos are stopped; 2 of 4 good ones with them."
    assert without_misses(Scores.of([0.1], []), None) == Proposal(
        None, without_misses(Scores(), None).sentence
    )


def test_a_line_pushes_the_other_one() -> None:
    assert moved(Bands(0.2, 0.5), "reject", 0.1) == Bands(0.1, 0.1)
    assert moved(Bands(0.2, 0.5), "look_again", 0.7) == Bands(0.7, 0.7)
    assert moved(Bands(0.2, 0.5), "reject", 0.6) == Bands(0.2, 0.6)


def test_small_rates_have_a_decimal() -> None:
    assert [percent(share) for share in (0.0, 0.005, 0.01, 0.048, 0.25, 1.0)] == [
        "0%", "0.5%", "1%", "4.8%", "25%", "100%",
    ]  # fmt: skip
