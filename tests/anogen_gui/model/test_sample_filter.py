"""Which samples match, and in which order."""

from typing import Any

import pytest

from anogen_gui.model.sample_filter import (
    RunChoice,
    SampleFilter,
    choose,
    filter_choices,
)
from tests.anogen_gui.sample_rows import sample_row

SAMPLES = (
    sample_row(1, verdict="accepted", stars=5),
    sample_row(2, flags=("near_duplicate",), anomaly="burnt", photo="photos/good/007.png"),
    sample_row(3, verdict="rejected", flags=("nothing_changed", "near_duplicate"), stars=2),
    sample_row(4, anomaly="burnt", run="later", embedding="embeddings/burnt/second.safetensors", stars=3),
    sample_row(5, run="", origin="photos/test/crack/003.png"),
)


@pytest.mark.parametrize(
    ("fields", "numbers"),
    [
        ({}, {1, 2, 3, 4, 5}),
        ({"verdict": "undecided"}, {2, 4, 5}),
        ({"anomaly": "burnt"}, {2, 4}),
        ({"embedding": "embeddings/burnt/second.safetensors"}, {4}),
        ({"run": "later"}, {4}),
        ({"run": ""}, {5}),
        ({"origin": "photos/test/crack/003.png"}, {5}),
        ({"flag": "any"}, {2, 3}),
        ({"flag": "nothing_changed"}, {3}),
        ({"flag": "changed_outside"}, set()),
        ({"least_stars": 3}, {1, 4}),
        ({"verdict": "undecided", "anomaly": "burnt", "least_stars": 1}, {4}),
    ],
)
def test_only_samples_that_are_all_that_is_asked_for_match(fields: dict[str, Any], numbers: set[int]) -> None:
    wanted = SampleFilter(**fields)
    assert {sample.id for sample in wanted.matching(SAMPLES)} == numbers
    assert {sample.id for sample in SAMPLES if wanted.matches(sample)} == numbers


def test_the_newest_come_first_or_last() -> None:
    assert choose(SAMPLES, SampleFilter(), "newest") == (5, 4, 3, 2, 1)
    assert choose(SAMPLES, SampleFilter(), "oldest") == (1, 2, 3, 4, 5)


def test_equal_ones_stand_with_the_newest_first() -> None:
    assert choose(SAMPLES, SampleFilter(), "stars") == (1, 4, 3, 5, 2)
    assert choose(SAMPLES, SampleFilter(), "flagged") == (3, 2, 5, 4, 1)
    assert choose(SAMPLES, SampleFilter(), "anomaly") == (4, 2, 5, 3, 1)
    assert choose(SAMPLES, SampleFilter(), "photo") == (5, 4, 3, 1, 2)


def test_capitals_do_not_matter_to_the_order() -> None:
    samples = (sample_row(1, anomaly="dent"), sample_row(2, anomaly="Burn"), sample_row(3, anomaly="crack"))
    assert choose(samples, SampleFilter(), "anomaly") == (2, 3, 1)


def test_what_can_be_filtered_by_has_its_number_of_samples() -> None:
    choices = filter_choices(SAMPLES)
    assert choices.anomalies == (("burnt", 2), ("crack", 3))
    assert choices.embeddings == (
        ("embeddings/burnt/second.safetensors", 1),
        ("embeddings/crack/first.safetensors", 4),
    )
    assert choices.origins == (("photos/test/crack/003.png", 1),)
    assert choices.runs == (
        RunChoice("later", "2026-01-01T10:04:00+00:00", "burnt", 1),
        RunChoice("run", "2026-01-01T10:01:00+00:00", "crack", 3),
    )


def test_a_filter_knows_how_many_details_it_asks_for() -> None:
    assert SampleFilter(verdict="accepted", flag="any").details == 0
    assert SampleFilter(anomaly="crack", run="later", origin="a.png", least_stars=2).details == 4
