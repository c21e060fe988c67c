"""The grid of samples and its model agree."""

from collections.abc import Hashable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.curate.sample_grid import SampleGrid
from anogen_gui.ui.icons import Icons


@pytest.fixture
def grid(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, model: CurateModel, project_model: ProjectModel
) -> Iterator[SampleGrid]:
    grid = SampleGrid(icons, thumbnails, 128)
    qtbot.addWidget(grid)
    grid.resize(500, 400)
    grid.bind(model, project_model)
    grid.show()
    yield grid
    grid.bind(None, None)


def test_the_grid_shows_what_the_model_sees(grid: SampleGrid, model: CurateModel) -> None:
    assert grid.selection.ids == model.visible
    model.set_filter(SampleFilter(anomaly="crack"))
    assert grid.selection.ids == (4, 3, 2, 1)


def test_what_is_chosen_in_the_grid_is_chosen_in_the_model(grid: SampleGrid, model: CurateModel) -> None:
    grid.selection.select_only(3)
    assert model.selection == Selection.only(3)
    grid.selection.extend_to(1)
    assert model.selection == Selection(1, frozenset((3, 2, 1)))
    grid.selection.toggle(2)
    assert model.selection == Selection(2, frozenset((3, 1)))


def test_what_the_model_chooses_is_chosen_in_the_grid(grid: SampleGrid, model: CurateModel) -> None:
    model.select(Selection(2, frozenset((1, 2))))
    assert grid.selection.selected == (2, 1)
    assert grid.selection.current == 2


def test_a_range_goes_on_from_where_it_began(grid: SampleGrid, model: CurateModel) -> None:
    grid.selection.select_only(5)
    grid.selection.extend_to(3)
    grid.selection.extend_to(2)
    assert model.selection.chosen == {5, 4, 3, 2}


def test_the_current_sample_is_scrolled_into_sight(grid: SampleGrid, model: CurateModel) -> None:
    grid.resize(200, 200)
    model.select(Selection.only(1))
    assert 1 in grid.seen_ids()


def test_pictures_are_painted_as_soon_as_they_are_made(
    qtbot: QtBot, grid: SampleGrid, thumbnails: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[Hashable] = []
    paint = grid.cells.paint

    def noted(painter: QPainter, rect: QRect, id: Hashable) -> None:
        happened.append(id)
        paint(painter, rect, id)

    monkeypatch.setattr(grid.cells, "paint", noted)
    thumbnails.made.connect(lambda made: happened.append(made.file.stem))
    qtbot.waitUntil(lambda: "000000" in happened)
    qtbot.waitUntil(lambda: 1 in happened[happened.index("000000") :])


def test_a_close_up_is_a_part_of_the_picture(grid: SampleGrid, project_model: ProjectModel) -> None:
    sample = project_model.samples.all()[0]
    assert grid.cells.wanted(sample, 128).crop is None
    grid.show_close_up(True)
    assert grid.cells.wanted(sample, 128).crop == (0, 0, 48, 40)  # all of this tiny photo


def test_all_that_a_cell_shows_is_said_in_words(grid: SampleGrid, project_model: ProjectModel) -> None:
    project_model.samples.set_verdict([6], "rejected")
    project_model.samples.set_stars([6], 1)
    assert grid.cells.describe(6) == "burnt: rejected, 1 star\nNear-duplicate of another sample"
    assert grid.cells.describe(1) == "crack: undecided, no stars"
