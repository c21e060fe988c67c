"""Cells of samples: what is painted where."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.curate.cells import SampleCells
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import ThemeModel

SIDE = 192


@pytest.fixture
def cells(icons: Icons, thumbnails: Thumbnails, project_model: ProjectModel) -> SampleCells:
    cells = SampleCells(icons, thumbnails)
    cells.show_project(project_model)
    return cells


def painted(cells: SampleCells, sample_id: int, side: int = SIDE) -> QImage:
    size = cells.size(side)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    cells.paint(painter, QRect(0, 0, size.width(), size.height()), sample_id)
    painter.end()
    return image


def area(image: QImage, left: int, top: int, width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8."""
    part = image.copy(left, top, width, height).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.bytesPerLine())
    return rows[:, : 3 * part.width()].reshape(part.height(), part.width(), 3).copy()


def footer(image: QImage) -> np.ndarray:
    return area(image, 0, SIDE, SIDE, image.height() - SIDE)


def test_stars_change_only_the_end_of_their_line(cells: SampleCells, project_model: ProjectModel) -> None:
    before = painted(cells, 1)
    project_model.samples.set_stars([1], 3)
    after = painted(cells, 1)
    changed = (footer(before) != footer(after)).any(2)
    assert changed[:, SIDE // 2 :].any()
    assert not changed[:, : SIDE // 2].any()
    assert (area(before, 0, 0, SIDE, SIDE) == area(after, 0, 0, SIDE, SIDE)).all()


def test_verdicts_differ_in_more_than_colour(cells: SampleCells, project_model: ProjectModel) -> None:
    shapes = []
    for verdict in ("accepted", "rejected", "undecided"):
        project_model.samples.set_verdict([1], verdict)
        shapes.append(footer(painted(cells, 1)).min(2) < 140)
    assert (shapes[0] != shapes[1]).sum() > 100
    assert (shapes[1] != shapes[2]).sum() > 100


def test_a_rejected_sample_is_faint(
    qtbot: QtBot, cells: SampleCells, thumbnails: Thumbnails, project_model: ProjectModel
) -> None:
    wanted = cells.wanted(project_model.samples.all()[0], SIDE)
    qtbot.waitUntil(lambda: thumbnails.get(wanted) is not None)
    plain = area(painted(cells, 1), 0, 40, SIDE, 100).std()
    project_model.samples.set_verdict([1], "rejected")
    assert area(painted(cells, 1), 0, 40, SIDE, 100).std() < plain / 2


def test_a_flag_stands_at_the_end_of_the_line_of_the_class(cells: SampleCells) -> None:
    place = (SIDE - 20, SIDE + 32, 20, 20)
    assert area(painted(cells, 1), *place).min() == 255
    assert area(painted(cells, 6), *place).min() < 140


def test_a_class_has_its_colour(cells: SampleCells, project_model: ProjectModel) -> None:
    found = project_model.anomalies.get("crack")
    assert found is not None
    color = QColor(found.color)
    spot = area(painted(cells, 1), 0, SIDE + 32, 20, 20)
    assert (spot == (color.red(), color.green(), color.blue())).all(2).sum() > 150


def test_a_sample_that_was_deleted_is_shown_as_such(
    qtbot: QtBot, cells: SampleCells, thumbnails: Thumbnails, project_model: ProjectModel
) -> None:
    sample = project_model.samples.all()[0]
    Path(project_model.file(sample.path)).unlink()
    waiting = area(painted(cells, 1), 0, 0, SIDE, SIDE)
    with qtbot.waitSignal(thumbnails.made):
        pass
    broken = area(painted(cells, 1), 0, 0, SIDE, SIDE)
    assert (waiting != broken).any()


def test_the_theme_changes_tags_that_were_painted(cells: SampleCells, theme_model: ThemeModel) -> None:
    light = footer(painted(cells, 1))
    theme_model.choice = "dark"
    assert (footer(painted(cells, 1)) != light).any()


@pytest.mark.parametrize("side", [96, 128, 320])
def test_a_cell_of_any_size_is_painted_within_its_bounds(cells: SampleCells, side: int) -> None:
    size = cells.size(side)
    image = QImage(size.width() + 20, size.height() + 20, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    cells.paint(painter, QRect(10, 10, size.width(), size.height()), 6)
    painter.end()
    everything = area(image, 0, 0, image.width(), image.height())
    assert everything[10:-10, 10:-10].min() < 255
    everything[10:-10, 10:-10] = 255
    assert everything.min() == 255
