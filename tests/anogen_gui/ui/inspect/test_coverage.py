"""The coverage map, the sizes, and their window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from anogen_gui.model.coverage import Coverage, Mark
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.coverage_dialog import CoverageDialog
from anogen_gui.ui.inspect.coverage_marks import KINDS, LOOKS, mark_path
from anogen_gui.ui.inspect.coverage_view import CoverageMap, SizePlot
from engine.geometry import Box, Size
from engine.project import Project
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec

MARKS = (
    Mark("real", 0.25, 0.5, 0.10, 0.05, "a.png"),
    Mark("missed", 0.75, 0.5, 0.30, 0.11, "b.png"),
)
COVERAGE = Coverage("crack", "", Size(200, 100), MARKS)


@pytest.fixture
def project(tmp_path: Path, qtbot: QtBot) -> Iterator[ProjectModel]:
    """Four cracked photos with masks, a box, and the class 'dent' without anything."""
    new = Project.create(tmp_path / "P")
    run_import(new, write_mvtec(tmp_path / "source"))
    new.add_box(new.photos("good")[0].id, "crack", Box(center_x=20, center_y=20, width=12, height=6))
    new.add_anomaly("dent")
    model = ProjectModel(new, ScriptedClient())
    yield model
    model.close()


def test_kinds_differ_in_shape_and_in_colour() -> None:
    paths = [mark_path(kind, 5) for kind in KINDS]
    shapes = {
        tuple((path.elementAt(at).x, path.elementAt(at).y) for at in range(path.elementCount()))
        for path in paths
    }
    assert len(shapes) == len({LOOKS[kind].color for kind in KINDS}) == len(KINDS)


def test_marks_lie_where_they_are_on_the_photo(qtbot: QtBot, icons: Icons, thumbnails: Thumbnails) -> None:
    map_ = CoverageMap(icons, thumbnails)
    qtbot.addWidget(map_)
    map_.resize(400, 400)
    map_.show_coverage(Path(), COVERAGE)
    place = map_.photo_rect()
    assert (place.width(), place.height(), place.top()) == (400, 200, 100)
    bad = icons.theme.color("bad")
    assert _has_color(map_, bad, 300, 200)
    assert not _has_color(map_, bad, 100, 200)
    map_.show_kinds([kind for kind in KINDS if kind != "missed"])
    assert not _has_color(map_, bad, 300, 200)
    assert "crack" in map_.accessibleName()


def test_axes_hold_the_largest_sizes(qtbot: QtBot, icons: Icons) -> None:
    plot = SizePlot(icons)
    qtbot.addWidget(plot)
    assert plot.most() == (12, 12)
    plot.show_marks(MARKS)
    assert plot.most() == (40, 12)
    plot.resize(300, 200)
    assert _count(plot, icons.theme.color("bad")) > 0
    plot.show_kinds(())
    assert _count(plot, icons.theme.color("bad")) == 0


def test_the_window_reads_a_class_and_counts(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, project: ProjectModel
) -> None:
    missed = [photo.path for photo in project.photos.of_role("test", "crack")[:1]]
    dialog = CoverageDialog(icons, thumbnails, project, "crack", missed)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.count_of("real") == "3")
    assert [dialog.count_of(kind) for kind in KINDS] == ["3", "1", "1", "0"]
    assert "real anomal" in dialog.sentence.text()
    dialog.anomaly.set_value("dent")
    qtbot.waitUntil(lambda: dialog.count_of("real") == "0")
    assert "No real anomaly of this class has a mask yet." in dialog.sentence.text()
    dialog.accept()


def test_the_legend_hides_and_shows(
    qtbot: QtBot, icons: Icons, thumbnails: Thumbnails, project: ProjectModel
) -> None:
    dialog = CoverageDialog(icons, thumbnails, project, "crack", ())
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.count_of("real") == "4")
    shown = _count(dialog.map, icons.theme.color("info"))
    assert shown > 0
    dialog.boxes["real"].click()
    assert _count(dialog.map, icons.theme.color("info")) == 0
    dialog.boxes["real"].click()
    assert _count(dialog.map, icons.theme.color("info")) == shown
    dialog.accept()


def _has_color(widget: CoverageMap, color: QColor, x: int, y: int) -> bool:
    """Is there this colour within some pixels of the place?"""
    image = widget.grab().toImage()
    near = range(-6, 7)
    return any(image.pixelColor(x + dx, y + dy) == color for dx in near for dy in near)


def _count(widget: CoverageMap | SizePlot, color: QColor) -> int:
    image = widget.grab().toImage()
    return sum(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))
