"""Metrics of maps, from summaries: against scikit-learn on all pixels, and what is counted where."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from engine.detection.metrics import BINS, METRICS, PhotoSummary, Pool, bin_of, ground_truth, summarise
from tests.engine.detection.binning import pixel_errors
from tests.engine.detection.test_curves import slow_aupro


def make_maps(seed: int = 0, count: int = 6, sure: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Maps (N, 24, 24), truths, and image scores; the second half is bad, with two regions each."""
    random = np.random.default_rng(seed)
    truths = np.zeros((count, 24, 24), bool)
    truths[count // 2 :, 3:8, 3:9] = truths[count // 2 :, 14:17, 12:20] = True
    logits = random.normal(size=truths.shape) * 2 + truths * 2
    maps = 1 / (1 + np.exp(-logits * (6 if sure else 1)))
    return maps.astype(np.float32), truths, maps.max((1, 2)) + truths.any((1, 2)) * 0.001


def summaries(maps: np.ndarray, truths: np.ndarray, scores: np.ndarray) -> list[PhotoSummary]:
    return [
        summarise(f"{i}.png", bool(truth.any()), float(score), each, truth)
        for i, (each, truth, score) in enumerate(zip(maps, truths, scores, strict=True))
    ]


@pytest.mark.parametrize("sure", [False, True])
def test_pixels_agree_with_scikit_learn_within_the_stated_error(sure: bool) -> None:
    maps, truths, scores = make_maps(sure=sure)
    photos = summaries(maps, truths, scores)
    values, error = Pool(photos).measure(), pixel_errors(photos)
    exact = {
        "pixel_auroc": roc_auc_score(truths.ravel(), maps.ravel()),
        "pixel_ap": average_precision_score(truths.ravel(), maps.ravel()),
    }
    for name, expected in exact.items():
        assert abs(values[name][0] - expected) <= error[name] + 1e-9
        assert abs(values[name][0] - expected) < 0.002
    assert sure or error["pixel_auroc"] < 0.002  # true ties, at exactly 1, count into the bound
    assert values["aupro"][0] == pytest.approx(slow_aupro(maps, truths, 0.3), abs=0.005)


def test_images_agree_with_scikit_learn() -> None:
    maps, truths, scores = make_maps()
    scores[0], scores[4] = 17.5, scores[5]  # scores need not be in [0, 1], nor differ
    values = Pool(summaries(maps, truths, scores)).measure()
    is_bad = truths.any((1, 2))
    assert values.keys() == set(METRICS)
    assert values["image_auroc"][0] == pytest.approx(roc_auc_score(is_bad, scores))
    assert values["image_ap"][0] == pytest.approx(average_precision_score(is_bad, scores))


def test_a_weight_is_as_if_the_photo_were_there_so_often() -> None:
    photos = summaries(*make_maps())
    weighed = Pool(photos).measure(np.array([[1, 1, 1, 1, 1, 1], [2, 0, 1, 0, 3, 1]]))
    repeated = [photos[i] for i in (0, 0, 2, 4, 4, 4, 5)]
    for row, alone in enumerate([Pool(photos).measure(), Pool(repeated).measure()]):
        for name in METRICS:
            assert weighed[name][row] == pytest.approx(alone[name][0], rel=1e-6), name


def test_bins_rise_with_the_value_and_are_narrow_near_0_and_1() -> None:
    values = np.sort(np.concatenate([np.linspace(0, 1, 10_001), 10.0 ** -np.arange(1, 7)])).astype(np.float32)
    bins = bin_of(values)
    assert (np.diff(bins) >= 0).all()
    assert bins[0] == 0
    assert bins[-1] == BINS - 1
    assert len(set(bin_of(np.array([1e-5, 1.02e-5, 0.99998, 0.9999])))) == 4
    for low, high in [(0.3, 0.3 * 1.02), (0.7, 1 - 0.3 / 1.02)]:
        assert bin_of(np.array(low)) < bin_of(np.array(high))


def test_values_beyond_the_range_count_as_its_ends() -> None:
    assert bin_of(np.array([-0.1, 1.1])).tolist() == [0, BINS - 1]


def test_regions_that_touch_at_a_corner_are_one() -> None:
    truth = np.zeros((6, 6), bool)
    truth[0, 0] = truth[1, 1] = truth[4, 4] = True
    summary = summarise("a.png", True, 0.5, np.full((6, 6), 0.25), truth)
    assert summary.regions == 2
    assert summary.overlap.sum() == pytest.approx(2)
    assert summary.anomalous.sum() == 3
    assert summary.normal.sum() == 33


def test_a_bad_photo_without_a_mask_counts_as_a_photo_only() -> None:
    photos = summaries(*make_maps())
    without = summarise("x.png", True, 0.9, np.full((24, 24), 0.9), None)
    values, expected = Pool([*photos, without]).measure(), Pool(photos).measure()
    for name in ("pixel_auroc", "pixel_ap", "aupro"):
        assert values[name] == expected[name]
    assert Pool([without]).measure()["image_ap"][0] == 1
    assert np.isnan(Pool([without]).measure()["pixel_ap"][0])
    good = summarise("y.png", False, 0.1, np.zeros((24, 24)), None)
    assert good.normal.sum() == 576


def test_ground_truth_is_anomalous_where_at_least_half_is() -> None:
    mask = np.zeros((4, 6), np.uint8)
    mask[:2, 0] = 255  # half of the first cell
    mask[0, 2] = 255  # a quarter of the second
    assert ground_truth(mask, 2, 3).tolist() == [[True, False, False], [False, False, False]]
