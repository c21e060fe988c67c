"""The sentences, the selection and the histogram of a report."""

import dataclasses
from pathlib import Path

import pytest

from engine.project import Project
from engine.reporting.chart import Label, Line, Rectangle, histogram, round_ticks
from engine.reporting.facts import Band, Bands, Report, Result
from engine.reporting.gather import gather
from engine.reporting.scores import Scores
from engine.reporting.selection import select
from engine.reporting.typeface import markup, register
from engine.reporting.words import Words, digits_for, percent
from tests.engine.reporting.inspected import RUN

BANDS = Bands(0.3, 0.6)


def result(score: float, is_anomalous: bool, mask: Path | None = Path("mask.png")) -> Result:
    band: Band = BANDS.of(score)
    path = Path(f"{score}.png")
    return Result(
        photo=str(path),
        picture=path,
        map=path,
        kind="test",
        is_anomalous=is_anomalous,
        anomaly="crack" if is_anomalous else "",
        mask=mask,
        score=score,
        band=band,
    )


@pytest.fixture
def report(inspected: Project) -> Report:
    return gather(inspected, RUN)


def of(report: Report, *results: Result, bands: Bands | None = BANDS) -> Report:
    scores = Scores.of_photos((each.score, bool(each.is_anomalous)) for each in results)
    outcomes = scores.outcomes(bands) if bands else None
    return dataclasses.replace(report, results=results, outcomes=outcomes, bands=bands)


def test_a_score_on_a_line_belongs_below_it() -> None:
    assert [BANDS.of(score) for score in (0.3, 0.31, 0.6, 0.61)] == ["ok", "look_again", "look_again", "ng"]


def test_one_line_needs_no_word_of_looking_again(report: Report) -> None:
    one = Words(of(report, result(0.1, False), result(0.9, True), bands=Bands(0.6, 0.6)))
    assert "Photos with a score above 0.600 are rejected." in one.summary()
    assert "looked at again" not in one.summary()
    two = Words(of(report, result(0.1, False), result(0.5, True)))
    assert "those from 0.300 up to there are looked at again by a person (1 of 2 photos)" in two.summary()


def test_tests_of_one_kind_alone_are_said_to_be_so(report: Report) -> None:
    words = Words(of(report, result(0.9, True)))
    assert "No good photo was tested." in words.summary()
    assert any("says nothing about false alarms" in limit for limit in words.limits())
    assert {tile.value for tile in words.tiles()} == {"1", "0 of 1", "–"}


def test_few_photos_are_a_limit_and_many_are_none(report: Report) -> None:
    few = [result(0.9, True)] * 6
    many = [result(0.9, True)] * 40
    limit = "Only 6 photos with an anomaly were tested."
    assert any(limit in sentence for sentence in Words(of(report, *few)).limits())
    assert any("39\N{NO-BREAK SPACE}%" in sentence for sentence in Words(of(report, *few)).limits())
    assert not any(
        "Only" in sentence and "anomaly" in sentence for sentence in Words(of(report, *many)).limits()
    )


def test_limits_name_what_was_not_tested(report: Report) -> None:
    without = dataclasses.replace(
        of(report, result(0.9, True, mask=None)), untested=("dent",), not_inspected=3
    )
    limits = " ".join(Words(without).limits())
    assert "No test photo shows “dent”" in limits
    assert "1 test photo with an anomaly was without a mask, and does not count" in limits
    assert "3 test photos were not looked at." in limits
    assert "fewer than 5 test photos of “crack”" in limits


def test_few_is_not_none() -> None:
    assert [percent(part).replace("\N{NO-BREAK SPACE}", " ") for part in (0, 0.004, 0.126, 1)] == [
        "0 %", "0.4 %", "13 %", "100 %",
    ]  # fmt: skip


def test_scores_that_differ_look_different() -> None:
    assert digits_for([0.1, 0.9]) == 3
    assert digits_for([0.46770, 0.46813]) == 6
    assert digits_for([0.5]) == digits_for([]) == 3


def test_what_went_wrong_is_shown_first_and_whole(report: Report) -> None:
    missed = [result(0.01 * number, True) for number in range(1, 31)]
    passed = [result(0.001 * number, False) for number in range(1, 31)]
    ordered = sorted([*missed, *passed], key=lambda each: -each.score)
    first, second = select(of(report, *ordered))
    assert (first.title, first.total, len(first.shown)) == ("Missed", 30, 24)
    assert first.shown[0].score == min(each.score for each in missed)
    assert (second.title, second.total, len(second.shown)) == ("Passed", 30, 6)
    assert second.shown[0].score == max(each.score for each in passed)


def test_no_bar_reaches_across_a_line(report: Report) -> None:
    results = [result(0.01 * number, number % 2 == 0) for number in range(1, 100)]
    made = of(report, *results)
    shapes = histogram(made, Words(made))
    lines = [
        shape.x1
        for shape in shapes
        if isinstance(shape, Line) and shape.x1 == shape.x2 and shape.tone == "ink"
    ]
    bars = [shape for shape in shapes if isinstance(shape, Rectangle) and shape.tone in ("good", "bad")]
    assert len(lines) == 2
    assert bars
    assert not [
        bar for bar in bars for line in lines if bar.x < line - 1e-6 and bar.x + bar.width > line + 1e-6
    ]


def test_good_photos_stand_above_the_middle_and_bad_ones_below(report: Report) -> None:
    made = of(report, result(0.2, False), result(0.2, False), result(0.8, True))
    shapes = histogram(made, Words(made))
    (good,) = [shape for shape in shapes if isinstance(shape, Rectangle) and shape.tone == "good"]
    (bad,) = [shape for shape in shapes if isinstance(shape, Rectangle) and shape.tone == "bad"]
    assert good.y + good.height == pytest.approx(bad.y)
    assert good.height == pytest.approx(2 * bad.height)
    assert {shape.text for shape in shapes if isinstance(shape, Label)} >= {"OK", "Look again", "Rejected"}


def test_a_histogram_of_one_score_alone(report: Report) -> None:
    made = of(report, result(0.5, True), bands=None)
    assert [shape for shape in histogram(made, Words(made)) if isinstance(shape, Rectangle)]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.46770, 0.46813), (-3, 250), (0.449, 0.551)])
def test_ticks_are_round_and_few(low: float, high: float) -> None:
    ticks, decimals = round_ticks(low, high)
    assert 3 <= len(ticks) <= 8
    assert low <= ticks[0] < ticks[-1] <= high
    assert [float(f"{tick:.{decimals}f}") for tick in ticks] == pytest.approx(ticks)


def test_letters_that_the_typeface_lacks_come_from_another() -> None:
    register()
    assert markup("a < b & ü €") == "a &lt; b &amp; ü €"
    assert markup("日本 x") == '<font name="HeiseiKakuGo-W5">日本</font> x'
    assert markup("결함") == '<font name="HYGothic-Medium">결함</font>'
    assert markup("\U0001f980") == "?"
