"""Areas under curves: by hand, against scikit-learn, and against a slow AUPRO of its own making."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from engine.detection import curves
from tests.engine.detection.binning import auroc_error, average_precision_error


def counts(scores: np.ndarray, is_bad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A bin for each distinct score."""
    _, places = np.unique(scores, return_inverse=True)
    size = int(places.max()) + 1
    return np.bincount(places[~is_bad], minlength=size), np.bincount(places[is_bad], minlength=size)


def test_by_hand() -> None:
    """Rising scores of good, bad, (good, bad tied), bad: 6 pairs, of which 1 is lost and 1 tied."""
    normal, anomalous = np.array([1, 0, 1, 0]), np.array([0, 1, 1, 1])
    assert curves.auroc(normal, anomalous) == pytest.approx(4.5 / 6)
    assert auroc_error(normal, anomalous) == pytest.approx(0.5 / 6)
    # by falling threshold: 1 of 1, 2 of 3, 3 of 4 are right
    assert curves.average_precision(normal, anomalous) == pytest.approx((1 / 1 + 2 / 3 + 3 / 4) / 3)
    assert curves.best_f1(normal, anomalous) == pytest.approx(2 * 3 / (4 + 3))


def test_aupro_by_hand() -> None:
    """Two regions, ten normal pixels, a limit of 0.3, which cuts the second line in its middle.

    By falling threshold (FPR, PRO): (0, 0.25), (0.2, 0.5), (0.4, 1): the limit is at (0.3, 0.75).
    """
    normal = np.array([6, 2, 2, 0])
    overlap = np.array([0.0, 1.0, 0.5, 0.5])  # of the pixels of two regions: 2 in all
    area = 0.2 * (0.25 + 0.5) / 2 + 0.1 * (0.5 + 0.75) / 2
    assert curves.aupro(normal, overlap, np.array(2)) == pytest.approx(area / 0.3)


def test_perfect_is_one_and_useless_is_half() -> None:
    perfect = np.array([5, 0]), np.array([0, 5])
    assert curves.auroc(*perfect) == curves.average_precision(*perfect) == curves.best_f1(*perfect) == 1
    assert curves.aupro(perfect[0], np.array([0.0, 1.0]), np.array(1)) == 1
    assert curves.auroc(np.array([7]), np.array([3])) == 0.5
    assert curves.aupro(np.array([7]), np.array([1.0]), np.array(1)) == pytest.approx(0.15)


def test_nothing_to_compare_is_not_a_number() -> None:
    nothing, something = np.zeros(3), np.array([1, 2, 3])
    assert np.isnan(curves.auroc(nothing, something))
    assert np.isnan(curves.auroc(something, nothing))
    assert np.isnan(curves.average_precision(something, nothing))
    assert np.isnan(curves.best_f1(something, nothing))
    assert np.isnan(curves.aupro(something, nothing, np.array(0)))
    assert np.isnan(curves.aupro(nothing, something, np.array(1)))


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40))
def test_scikit_learn_says_the_same_with_many_ties(items: list[tuple[int, bool]]) -> None:
    scores, is_bad = np.array([s for s, _ in items]), np.array([b for _, b in items])
    if is_bad.all() or not is_bad.any():
        return
    normal, anomalous = counts(scores, is_bad)
    assert curves.auroc(normal, anomalous) == pytest.approx(roc_auc_score(is_bad, scores))
    assert curves.average_precision(normal, anomalous) == pytest.approx(
        average_precision_score(is_bad, scores)
    )
    best = max(f1_score(is_bad, scores >= threshold) for threshold in np.unique(scores))
    assert curves.best_f1(normal, anomalous) == pytest.approx(best)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60), st.integers(1, 6))
def test_coarse_bins_are_off_by_no_more_than_they_say(items: list[tuple[float, bool]], bins: int) -> None:
    scores, is_bad = np.array([s for s, _ in items]), np.array([b for _, b in items])
    if is_bad.all() or not is_bad.any():
        return
    places = np.minimum((scores * bins).astype(int), bins - 1)
    normal = np.bincount(places[~is_bad], minlength=bins)
    anomalous = np.bincount(places[is_bad], minlength=bins)
    roc_error = abs(curves.auroc(normal, anomalous) - roc_auc_score(is_bad, scores))
    assert roc_error <= auroc_error(normal, anomalous) + 1e-12
    ap_error = abs(curves.average_precision(normal, anomalous) - average_precision_score(is_bad, scores))
    assert ap_error <= average_precision_error(normal, anomalous) + 1e-12


def slow_aupro(maps: np.ndarray, truths: np.ndarray, limit: float) -> float:
    """Threshold by threshold and region by region, then the area of the polygon, as the definition says it."""
    regions = []
    for anomaly_map, truth in zip(maps, truths, strict=True):
        labels, count = ndimage.label(truth, structure=np.ones((3, 3)))
        regions += [anomaly_map[labels == region] for region in range(1, count + 1)]
    normal = maps[~truths]
    points = [(0.0, 0.0)]
    for threshold in sorted(set(maps.ravel()), reverse=True):
        recall = [float((region >= threshold).mean()) for region in regions]
        points.append((float((normal >= threshold).mean()), sum(recall) / len(recall)))
    fpr, pro = np.array(points).T
    grid = np.unique(np.append(fpr[fpr < limit], limit))
    area = 0.0
    for left, right in pairwise(grid):
        # at a vertical rise the curve leaves from its upper end, and reaches the next one at its lower
        start = pro[fpr == left].max()
        after = np.flatnonzero(fpr >= right)[0]
        before = after - 1
        share = (right - fpr[before]) / (fpr[after] - fpr[before])
        area += (right - left) * (start + pro[before] + share * (pro[after] - pro[before])) / 2
    return area / limit


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.3, 1.0]), st.sampled_from([4, 1000]))
def test_aupro_agrees_with_a_slow_one(seed: int, limit: float, levels: int) -> None:
    random = np.random.default_rng(seed)
    truths = ndimage.gaussian_filter(random.standard_normal((3, 14, 14)), (0, 1.2, 1.2)) > 0.25
    maps = np.round(np.clip(random.random((3, 14, 14)) * 0.7 + 0.3 * truths, 0, 1) * levels) / levels
    values, places = np.unique(maps, return_inverse=True)
    places = places.reshape(maps.shape)
    overlap, regions = np.zeros(len(values)), 0
    for place, truth in zip(places, truths, strict=True):
        labels, count = ndimage.label(truth, structure=np.ones((3, 3)))
        regions += count
        for region in range(1, count + 1):
            inside = place[labels == region]
            overlap += np.bincount(inside, minlength=len(values)) / len(inside)
    normal = np.bincount(places[~truths], minlength=len(values))
    expected = slow_aupro(maps, truths, limit)
    assert curves.aupro(normal, overlap, np.array(regions), limit) == pytest.approx(expected, abs=1e-9)


def test_resamples_go_together() -> None:
    random = np.random.default_rng(0)
    normal, anomalous = random.integers(0, 5, (4, 9)), random.integers(0, 5, (4, 9))
    for curve in (curves.auroc, curves.average_precision, curves.best_f1):
        together = curve(normal, anomalous)
        assert together.shape == (4,)
        np.testing.assert_allclose(together, [curve(n, a) for n, a in zip(normal, anomalous, strict=True)])
    together = curves.aupro(normal, anomalous / 5, np.arange(1, 5))
    alone = [curves.aupro(normal[i], anomalous[i] / 5, np.array(i + 1)) for i in range(4)]
    np.testing.assert_allclose(together, alone)
