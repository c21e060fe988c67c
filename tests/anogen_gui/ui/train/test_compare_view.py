"""Intervals around 0, and what follows from them."""

import math
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from anogen_gui.model.training_state import ComparedFigure, Comparison, Conclusion, Training, in_order
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.train.compare_view import CompareView, reach_of
from anogen_gui.ui.train.interval_bar import IntervalBar
from anogen_gui.ui.train.words import signed, verdict_words
from engine.project import RunRow
from engine.protocol import Recipe, TrainJob, TrainSettings


def training(name: str, recipe: Recipe = "anogen", started: str = "2026-01-01") -> Training:
    job = TrainJob(project="", goods=("a",), settings=TrainSettings(recipe=recipe))
    run = RunRow(
        id=1, name=name, anomaly="", job=job, state="done", message="", started=started, finished=started
    )
    return Training(run, job, steps=10)


def compared(*conclusions: Conclusion) -> Comparison:
    figures = tuple(ComparedFigure("image AP", 0.5, 0.6, 0.1, 0.05, 0.15, each) for each in conclusions)
    return Comparison(training("before"), training("after"), figures, 20)


def test_a_baseline_is_before_else_the_older_one() -> None:
    baseline, old, new = training("b", "baseline", "2026-03"), training("o"), training("n", started="2026-02")
    assert in_order(old, baseline) == (baseline, old)
    assert in_order(baseline, old) == (baseline, old)
    assert in_order(new, old) == (old, new)


@pytest.mark.parametrize(
    ("conclusions", "said", "tone"),
    [
        (("helped", "helped"), "It helped: “after” is better than “before” in all 2 figures", "good"),
        (("helped", "no measurable change"), "in 1 of 2 figures, and worse in none", "good"),
        (("hurt", "no measurable change"), "It hurt: “after” is worse", "bad"),
        (("helped", "hurt"), "in 1 of 2 figures, and worse in 1", "warn"),
        (("no measurable change",), "No measurable change", "neutral"),
    ],
)
def test_the_conclusion_in_words(conclusions: tuple[Conclusion, ...], said: str, tone: str) -> None:
    text, told = verdict_words(compared(*conclusions))
    assert said in text
    assert told == tone


def test_signs() -> None:
    assert (signed(0.0417), signed(-0.1), signed(math.nan)) == ("+0.042", "−0.100", "–")


def test_the_bars_have_one_round_scale() -> None:
    assert reach_of(compared("helped").figures) == 0.2
    wide = ComparedFigure("image AP", 0, 0, -0.4, -0.6, math.nan, "hurt")
    assert reach_of((wide,)) == 1.0
    assert reach_of(()) == 1.0


def test_zero_lies_in_the_middle_of_a_bar(icons: Icons, qtbot: QtBot) -> None:
    bar = IntervalBar(icons)
    qtbot.addWidget(bar)
    bar.resize(212, 26)
    bar.show_interval(0.1, 0.05, 0.15, 0.2, "good")
    assert bar.x_of(0) == pytest.approx(106)
    assert bar.x_of(0.2) - bar.x_of(0) == pytest.approx(bar.x_of(0) - bar.x_of(-0.2))
    bar.show()
    middle = bar.grab().toImage().pixelColor(round(bar.x_of(0.1)), 13)
    assert middle == icons.theme.color("good")


@pytest.mark.parametrize(
    ("origins", "said"),
    [(0, ""), (2, "2 test photos left out: samples were made for what was missed there.")],
)
def test_it_is_said_which_photos_are_not_fair(icons: Icons, qtbot: QtBot, origins: int, said: str) -> None:
    view = CompareView(icons)
    qtbot.addWidget(view)
    view.show_comparison(replace(compared("helped"), origins=origins))
    texts = [label.text() for label in view.findChildren(QLabel)]
    (about,) = [text for text in texts if text.startswith("Measured on 20 real test photos")]
    assert said in about
    assert ("left out" in about) == bool(origins)


def test_a_pair_that_cannot_be_compared_says_why(icons: Icons, qtbot: QtBot) -> None:
    view = CompareView(icons)
    qtbot.addWidget(view)
    view.show_comparison(Comparison(training("a"), training("b"), reason="There is no detector of “b” yet."))
    view.show()
    assert view.verdict == ""
    assert not view.empty.button.isVisible()
