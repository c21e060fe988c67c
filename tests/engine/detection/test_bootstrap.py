"""Intervals and comparisons over resampled photos."""

from dataclasses import replace

import numpy as np
import pytest

from engine.detection.bootstrap import compare, draw, evaluate
from engine.detection.metrics import METRICS, PhotoSummary, summarise
from engine.errors import EngineError


def photos(found: float, count: int = 30, seed: int = 0) -> list[PhotoSummary]:
    """Half of them bad, with a square that stands out by `found`; image scores likewise."""
    random = np.random.default_rng(seed)
    summaries = []
    for i in range(count):
        is_bad = i % 2 == 1
        truth = np.zeros((16, 16), bool)
        truth[4:9, 4:9] = is_bad
        anomaly_map = np.clip(0.3 + 0.1 * random.normal(size=(16, 16)) + found * truth, 0, 1)
        score = random.normal() + 10 * found * is_bad
        summaries.append(summarise(f"{i}.png", is_bad, score, anomaly_map, truth))
    return summaries


def test_every_resample_has_as_many_good_and_bad_photos() -> None:
    is_bad = np.array([True, False, False, True, False])
    weights = draw(is_bad, resamples=200, seed=0)
    assert weights.shape == (200, 5)
    assert (weights[:, is_bad].sum(1) == 2).all()
    assert (weights[:, ~is_bad].sum(1) == 3).all()
    np.testing.assert_allclose(weights.mean(0), 1, atol=0.2)
    assert np.array_equal(draw(is_bad, 200, 0), weights)
    assert not np.array_equal(draw(is_bad, 200, 1), weights)


def test_the_value_lies_in_its_interval_which_narrows_with_more_photos() -> None:
    few, many = evaluate(photos(0.1, 12), resamples=200), evaluate(photos(0.1, 60), resamples=200)
    for name in METRICS:
        assert 0 <= few[name].low <= few[name].value <= few[name].high <= 1
    for name in ("image_auroc", "pixel_auroc", "pixel_ap", "aupro"):
        assert many[name].high - many[name].low < few[name].high - few[name].low


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Image AUROC of two normals, one standard deviation apart, is 0.7602; 60 test sets of 60 photos each."""
    nothing = summarise("", True, 0, np.zeros((2, 2)), None)
    random = np.random.default_rng(0)
    held = 0
    for _ in range(60):
        drawn = [
            replace(nothing, name=str(i), is_bad=i < 30, score=random.normal() + (i < 30)) for i in range(60)
        ]
        estimate = evaluate(drawn, resamples=200)["image_auroc"]
        held += estimate.low <= 0.7602 <= estimate.high
    assert 52 <= held <= 60


def test_a_better_detector_helped_and_the_other_way_round_it_hurt() -> None:
    worse, better = photos(0.05), photos(0.3, seed=1)
    forth, back = compare(worse, better, resamples=200), compare(better, worse, resamples=200)
    for name in ("image_auroc", "pixel_auroc", "pixel_ap", "aupro"):
        assert forth[name].conclusion == "helped", name
        assert back[name].conclusion == "hurt", name
        assert forth[name].difference.value == pytest.approx(forth[name].after - forth[name].before)
        assert forth[name].difference.low == pytest.approx(-back[name].difference.high)


def test_the_same_detector_and_its_noise_are_no_measurable_change() -> None:
    same = compare(photos(0.1), photos(0.1), resamples=100)
    assert {each.conclusion for each in same.values()} == {"no measurable change"}
    assert all(each.difference.low == each.difference.high == 0 for each in same.values())
    noise = compare(photos(0.1), photos(0.1, seed=2), resamples=200)
    assert noise["image_auroc"].conclusion == "no measurable change"


def test_photos_are_paired_by_name_in_any_order() -> None:
    first, second = photos(0.1), photos(0.2, seed=1)
    shuffled = compare(first, second[::-1], resamples=50)
    straight = compare(first, second, resamples=50)
    assert all(shuffled[name].difference.low == straight[name].difference.low for name in METRICS)


def test_pairing_makes_the_interval_narrower_than_two_apart() -> None:
    """Both find the same photos hard; the second is a little better on each of them."""
    first = photos(0.1)
    second = [replace(each, score=each.score + 0.3 * each.is_bad) for each in first]
    paired = compare(first, second, resamples=300)["image_auroc"].difference
    apart = evaluate(first, resamples=300)["image_auroc"]
    assert paired.high - paired.low < apart.high - apart.low


def test_different_photos_cannot_be_compared() -> None:
    some = photos(0.1)
    renamed = [replace(some[0], name="other.png"), *some[1:]]
    flipped = [replace(some[0], is_bad=True), *some[1:]]
    for other in (some[1:], renamed, flipped):
        with pytest.raises(EngineError, match="same photos"):
            compare(some, other, resamples=10)


def test_no_photos_and_nothing_to_compare() -> None:
    with pytest.raises(EngineError, match="no test photos"):
        evaluate([])
    good = [each for each in photos(0.1) if not each.is_bad]
    values = evaluate(good, resamples=10)
    assert np.isnan([values["image_auroc"].value, values["pixel_ap"].low]).all()
    assert compare(good, good, resamples=10)["pixel_ap"].conclusion == "no measurable change"
