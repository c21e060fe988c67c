"""How many samples there are of each verdict, and what has changed since."""

from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.model.tally import Tally, VerdictCounts, Waiting
from tests.anogen_gui.sample_rows import sample_row

SAMPLES = (
    sample_row(1, verdict="accepted", stars=5),
    sample_row(2, flags=("near_duplicate",), anomaly="burnt", photo="photos/good/007.png"),
    sample_row(3, verdict="rejected", flags=("nothing_changed", "near_duplicate"), stars=2),
    sample_row(4, anomaly="burnt", run="later", embedding="embeddings/burnt/second.safetensors", stars=3),
    sample_row(5, run=""),
)


def test_samples_are_counted_whatever_verdict_is_asked_for() -> None:
    counts = Tally(SAMPLES, SampleFilter(verdict="accepted")).counts
    assert counts == VerdictCounts(accepted=1, rejected=1, undecided=3, flagged=2)
    assert (counts.total, counts.judged) == (5, 2)
    assert [counts.of(each) for each in (None, "accepted", "undecided")] == [5, 1, 3]


def test_only_samples_of_the_class_that_is_asked_for_are_counted() -> None:
    counts = Tally(SAMPLES, SampleFilter(anomaly="burnt")).counts
    assert counts == VerdictCounts(undecided=2, flagged=1)


def test_a_changed_sample_is_counted_as_what_it_is_now() -> None:
    tally = Tally(SAMPLES, SampleFilter(least_stars=1))
    assert tally.counts == VerdictCounts(accepted=1, rejected=1, undecided=1, flagged=1)
    tally.put([sample_row(1, verdict="rejected", stars=5), sample_row(3, flags=("near_duplicate",), stars=0)])
    assert tally.counts == VerdictCounts(rejected=1, undecided=1)
    tally.put([sample_row(9, verdict="accepted", stars=1, flags=("near_duplicate",))])
    assert tally.counts == VerdictCounts(accepted=1, rejected=1, undecided=1, flagged=1)


def test_what_a_new_choice_would_change_is_known() -> None:
    tally = Tally(SAMPLES, SampleFilter(verdict="undecided"), seen=(2, 4, 5))
    tally.put([sample_row(2, verdict="accepted"), sample_row(9), sample_row(10, verdict="rejected")])
    assert tally.waiting == Waiting(came=1, left=1)
    tally.put([sample_row(2), sample_row(9, verdict="accepted")])
    assert tally.waiting == Waiting()


def test_new_samples_can_be_seen_at_once() -> None:
    tally = Tally(SAMPLES, SampleFilter(verdict="undecided"), seen=(2, 4, 5))
    tally.put([sample_row(10), sample_row(9)])
    assert tally.see_new() == (9, 10)
    assert tally.waiting == Waiting()
    tally.put([sample_row(9, verdict="accepted")])
    assert tally.waiting == Waiting(left=1)
