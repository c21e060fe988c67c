"""Bands moved to a target or by a line."""

import pytest

from anogen_gui.model.bands import Proposal, for_false_alarms, moved, percent, without_misses
from engine.project.rows import RunRow
from engine.reporting.bands import bands_of
from engine.reporting.facts import Bands
from engine.reporting.scores import Scores

SCORES = Scores.of(good=[0.3, 0.1, 0.2, 0.6], bad=[0.9, 0.25, 0.5])


def run(look_again_above: float | None, reject_above: float | None) -> RunRow:
    return RunRow(
        id=1, name="r", anomaly="", job=None, state="done", message="", started="", finished="",
        look_again_above=look_again_above, reject_above=reject_above,
    )  # fmt: skip


def test_bands_are_a_persons_or_those_of_held_out_photos() -> None:
    assert bands_of(run(0.2, 0.4), [0.9]) == Bands(0.2, 0.4)
    assert bands_of(run(None, 0.4), []) == Bands(0.4, 0.4)
    assert bands_of(run(None, None), []) is None
    assert bands_of(run(None, None), [0.3, 0.1]) == Bands(0.3, 0.3, pytest.approx(1 / 3), 2)


def test_a_target_is_reached_with_enough_photos() -> None:
    proposal = for_false_alarms([place / 100 for place in range(99)], 0.1, Bands(0.2, 0.95))
    assert proposal.bands is not None
    assert (proposal.bands.look_again_above, proposal.bands.reject_above) == (0.2, 0.89)
    assert proposal.sentence == "At most 10% of good photos will be rejected, from 99 good photos held out."


def test_with_too_few_photos_it_is_said_what_can_be_promised() -> None:
    proposal = for_false_alarms([0.1, 0.2, 0.3], 0.01, None)
    assert proposal.bands is not None
    assert proposal.bands.reject_above == 0.3
    assert proposal.sentence == (
        "3 good photos held out can promise 25% at best. For 1%, hold out 99 or more."
    )


def test_without_held_out_photos_there_is_no_rate() -> None:
    assert for_false_alarms([], 0.05, None).bands is None


def test_the_photos_that_a_target_asks_for_do_reach_it() -> None:
    few, enough = ([place / 100 for place in range(count)] for count in (18, 19))
    assert "hold out 19" in for_false_alarms(few, 0.05, None).sentence
    assert "At most 5%" in for_false_alarms(enough, 0.05, None).sentence


def test_no_known_bad_photo_is_missed() -> None:
    proposal = without_misses(SCORES, Bands(0.4, 0.5))
    assert proposal.bands is not None
    assert SCORES.outcomes(proposal.bands).missed.count == 0
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
