"""Thresholds by the share of good photos that they reject."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.threshold import calibrate, rate_interval


def test_by_hand() -> None:
    """Of 19 scores the 19th smallest at 5 %: one place of 20 is above it. At 10 % the 18th, at 12 % still it."""
    scores = [float(i) for i in range(1, 20)][::-1]
    assert calibrate(scores, 0.05).value == 19
    assert calibrate(scores, 0.05).false_alarm_rate == pytest.approx(0.05)
    assert calibrate(scores, 0.10).value == 18
    assert calibrate(scores, 0.12).value == 18
    assert calibrate(scores, 0.12).false_alarm_rate == pytest.approx(0.10)


def test_too_few_good_photos_say_what_can_be_reached() -> None:
    threshold = calibrate([0.2, 0.4, 0.3], target=0.01)
    assert threshold.value == 0.4
    assert threshold.false_alarm_rate == pytest.approx(0.25)
    assert threshold.normals == 3


def test_new_good_photos_are_rejected_as_rarely_as_promised() -> None:
    random = np.random.default_rng(0)
    rejected = [
        np.mean(random.normal(size=50) > calibrate(random.normal(size=30).tolist(), 0.1).value)
        for _ in range(400)
    ]
    assert 0.08 < np.mean(rejected) < 0.11


def test_without_good_photos_there_is_no_threshold() -> None:
    with pytest.raises(EngineError, match="good photos"):
        calibrate([], 0.05)
    with pytest.raises(EngineError, match="good photos"):
        calibrate([0.1, float("nan")], 0.05)
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibrate([0.1], 1.0)


def test_the_interval_of_a_share_by_hand() -> None:
    """Wilson's of 5 of 10: the middle is a half, the rest 1.96 √(0.025 + 0.0096) / 1.384."""
    assert rate_interval(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert rate_interval(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert rate_interval(10, 10) == pytest.approx((0.7225, 1), abs=1e-4)
    assert rate_interval(0, 0) == (0, 1)
