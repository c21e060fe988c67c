"""The page Place: canvas, model and panels in step, by mouse and by keys."""

from pathlib import Path

from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.place.page import PlacePage
from anogen_gui.ui.theme import ThemeModel
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS


def test_without_good_photos_it_says_where_they_come_from(
    page: PlacePage, project: ProjectModel, qtbot: QtBot
) -> None:
    project.photos.set_role(PHOTOS, "test")
    assert page.no_photos.isVisible()
    with qtbot.waitSignal(page.page_requested) as requested:
        page.no_photos.action_requested.emit()
    assert requested.args == ["photos"]
    project.history.stack.undo()
    assert page.canvas.isVisible()


def test_an_embedding_that_was_deleted_meanwhile_is_told(
    page: PlacePage, model: PlaceModel, project: ProjectModel
) -> None:
    model.draw(BOX)
    assert page.generate.start.isEnabled()
    embedding = project.anomalies.embedding_in_use("crack")
    assert embedding is not None
    project.file(embedding.path).unlink()
    page.generate.start.click()
    assert "has no embedding yet" in page.generate.reason.text()
    assert not page.generate.start.isEnabled()
    assert project.queue.jobs() == ()


def test_a_class_without_an_embedding_leads_to_the_page_learn(
    page: PlacePage, model: PlaceModel, qtbot: QtBot
) -> None:
    model.use_anomaly("hole")
    assert page.classes.learn.isVisible()
    with qtbot.waitSignal(page.page_requested) as requested:
        page.classes.learn.click()
    assert requested.args == ["learn"]


def test_a_project_that_closes_is_let_go(
    page: PlacePage, model: PlaceModel, theme_model: ThemeModel, thumbnails: Thumbnails, pictures: Pictures
) -> None:
    model.draw(BOX)
    page.show_project(None)
    assert page.canvas.boxes == ()
    assert page.canvas.file is None
    assert page.no_photos.isVisible()


def test_a_deleted_photo_is_told_on_the_canvas(
    page: PlacePage, model: PlaceModel, qtbot: QtBot, tmp_path: Path
) -> None:
    model.project.file(PHOTOS[3]).unlink()
    with qtbot.waitSignal(page.canvas.photo_shown):
        model.show_photo(PHOTOS[3])
    assert page.canvas.photo_size is None


def test_tab_goes_through_the_classes_where_they_stand(
    page: PlacePage, project: ProjectModel, qtbot: QtBot
) -> None:
    project.anomalies.add("bent")
    bent = page.classes.findChildren(QRadioButton)[-1]
    qtbot.waitUntil(bent.isVisible)
    names, widget = [], page.canvas.nextInFocusChain()
    while widget is not page.canvas:
        names.append(widget.accessibleName() if widget.isVisible() else "")
        widget = widget.nextInFocusChain()
    names = [name for name in names if name.startswith(("Draw", "Number of"))]
    assert names == ["Draw crack", "Draw hole", "Draw bent", "Number of boxes to scatter"]
