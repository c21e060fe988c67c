"""The panel beside the samples."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.ui.curate.details import DetailsPanel
from anogen_gui.ui.curate.stars import StarRating
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Badge
from engine.data.images import save_png
from tests.anogen_gui.sample_rows import record_sample


@pytest.fixture
def panel(qtbot: QtBot, icons: Icons, model: CurateModel, project_model: ProjectModel) -> DetailsPanel:
    panel = DetailsPanel(icons)
    qtbot.addWidget(panel)
    panel.resize(304, 900)
    panel.bind(model, project_model)
    panel.show()
    return panel


def texts(panel: DetailsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]


def badges(panel: DetailsPanel) -> list[str]:
    return [badge.text for badge in panel.findChildren(Badge) if badge.isVisible()]


def test_the_current_sample_is_described(panel: DetailsPanel) -> None:
    shown = texts(panel)
    for text in ("Sample", "1 of 6", "000", "first", "7", "12 × 10 px"):
        assert text in shown
    assert badges(panel) == ["Near-duplicate of another sample"]


def test_which_photo_a_sample_was_made_for_is_told(
    panel: DetailsPanel, model: CurateModel, project_model: ProjectModel
) -> None:
    assert "Made for" not in texts(panel)
    project = project_model.project
    record_sample(project, "made", origin="photos/test/crack/missed.png")
    project_model.samples.reload()
    model.go_to(0)  # the newest
    assert {"Made for", "missed"} <= set(texts(panel))


def test_another_sample_is_described_when_it_is_current(panel: DetailsPanel, model: CurateModel) -> None:
    model.go_to(5)
    assert "6 of 6" in texts(panel)
    assert badges(panel) == []


def test_what_several_samples_have_in_common_is_marked(
    panel: DetailsPanel, model: CurateModel, project_model: ProjectModel
) -> None:
    project_model.samples.set_verdict([1, 2], "accepted")
    project_model.samples.set_stars([1, 2], 3)
    model.select(Selection(1, frozenset((1, 2))))
    assert "2 samples chosen" in texts(panel)
    assert panel.judging.buttons["accepted"].isChecked()
    assert panel.judging.stars.accessibleName() == "Stars: 3 stars"
    model.select(Selection(1, frozenset((1, 2, 3))))
    assert not any(button.isChecked() for button in panel.judging.buttons.values())


def test_buttons_ask_for_a_verdict_and_mark_only_what_is(qtbot: QtBot, panel: DetailsPanel) -> None:
    with qtbot.waitSignal(panel.verdict_requested) as told:
        panel.judging.buttons["rejected"].click()
    assert told.args == ["rejected"]
    assert panel.judging.buttons["undecided"].isChecked()
    assert not panel.judging.buttons["rejected"].isChecked()


def test_going_on_is_the_models(panel: DetailsPanel, model: CurateModel) -> None:
    assert model.advances
    panel.advances.click()
    assert not model.advances


def test_how_it_was_made_is_read_from_its_file(
    qtbot: QtBot, panel: DetailsPanel, project_model: ProjectModel
) -> None:
    sample = project_model.samples.get(6)
    assert sample is not None
    record = {"backbone": "embedded", "settings": {"guidance": 5.0}}
    pixels = np.zeros((40, 48, 3), dtype=np.uint8)
    save_png(project_model.file(sample.path), pixels, {"anogen": json.dumps(record)})
    panel.facts.settings.set_open(True)
    qtbot.waitUntil(lambda: "Backbone" in texts(panel))
    shown = texts(panel)
    assert shown[shown.index("Backbone") + 1] == "embedded"
    assert shown[shown.index("Guidance") + 1] == "5"


def test_a_file_that_does_not_say_how_it_was_made(
    qtbot: QtBot, panel: DetailsPanel, project_model: ProjectModel
) -> None:
    sample = project_model.samples.get(6)
    assert sample is not None
    project_model.file(sample.path).unlink()
    panel.facts.settings.set_open(True)
    qtbot.waitUntil(lambda: "The sample's file does not say." in texts(panel))


def test_with_nothing_chosen_nothing_can_be_judged(panel: DetailsPanel, model: CurateModel) -> None:
    model.set_filter(SampleFilter(verdict="accepted"))
    assert "No sample is chosen" in texts(panel)
    assert not panel.judging.isEnabled()
    assert not panel.facts.isVisible()


# --- stars


@pytest.fixture
def stars(qtbot: QtBot, icons: Icons) -> StarRating:
    stars = StarRating(icons)
    qtbot.addWidget(stars)
    stars.show()
    return stars


@pytest.mark.parametrize(("x", "asked"), [(5, 1), (40, 2), (118, 5)])
def test_a_click_asks_for_as_many_stars(qtbot: QtBot, stars: StarRating, x: int, asked: int) -> None:
    with qtbot.waitSignal(stars.star_requested) as told:
        QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(x, 15))
    assert told.args == [asked]


def test_a_click_on_the_last_star_takes_all_away(qtbot: QtBot, stars: StarRating) -> None:
    stars.show_stars(2)
    with qtbot.waitSignal(stars.star_requested) as told:
        QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=QPoint(40, 15))
    assert told.args == [0]


def test_arrow_keys_ask_for_one_more_or_less(qtbot: QtBot, stars: StarRating) -> None:
    stars.show_stars(5)
    asked: list[int] = []
    stars.star_requested.connect(asked.append)
    QTest.keyClick(stars, Qt.Key.Key_Right)
    QTest.keyClick(stars, Qt.Key.Key_Left)
    stars.show_stars(0)
    QTest.keyClick(stars, Qt.Key.Key_Left)
    QTest.keyClick(stars, Qt.Key.Key_Right)
    assert asked == [4, 1]
