"""The page Inspect, on a project whose detector has looked at photos; the engine is played."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from anogen_gui.model.inspected import ResultFilter
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.page import InspectPage
from anogen_gui.ui.inspect.report_dialog import ReportDialog
from anogen_gui.ui.photos.problems_dialog import ProblemsDialog
from anogen_gui.ui.theme import ThemeModel
from engine.project import Project
from engine.protocol import EvaluateRunJob, FileRefused, InspectJob, PhotoInspected, Started
from engine.reporting.facts import Bands
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import run_import, write_mvtec
from tests.engine.reporting.inspected import RUN, record_run

MISSED, CAUGHT = "photos/test/crack/002.png", "photos/test/crack/003.png"
ALARM, DOUBTFUL = "photos/test/100.png", "photos/test/101.png"


class Desk:
    """The page, its project, and the engine that is played."""

    def __init__(
        self, page: InspectPage, project: ProjectModel, engine: ScriptedClient, qtbot: QtBot
    ) -> None:
        self.page, self.project, self.engine, self._qtbot = page, project, engine, qtbot
        page.show_project(project)

    @property
    def model(self):
        assert self.page.model is not None
        return self.page.model

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        widget = QApplication.focusWidget() or self.page
        self._qtbot.keyClick(widget, key, modifiers)


@pytest.fixture
def opened(tmp_path: Path, engine: ScriptedClient) -> Iterator[ProjectModel]:
    project = Project.create(tmp_path / "P")
    run_import(project, write_mvtec(tmp_path / "source"))
    model = ProjectModel(project, engine)
    yield model
    model.close()


@pytest.fixture
def page(
    theme_model: ThemeModel, icons: Icons, thumbnails: Thumbnails, pictures: Pictures, qtbot: QtBot
) -> Iterator[InspectPage]:
    page = InspectPage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.resize(1180, 720)
    page.show()
    yield page
    page.show_project(None)


@pytest.fixture
def desk(page: InspectPage, opened: ProjectModel, engine: ScriptedClient, qtbot: QtBot) -> Desk:
    record_run(opened.project)
    opened.anomalies.reload()
    opened.project.set_bands(opened.project.runs()[0].id, 0.3, 0.6)
    desk = Desk(page, opened, engine, qtbot)
    page.activateWindow()
    page.grid.setFocus()
    qtbot.waitUntil(page.grid.hasFocus)
    return desk


def drop(page: InspectPage, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    action, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dragEnterEvent(QDragEnterEvent(QPoint(50, 50), action, data, button, none))
    assert page.veil.isVisible()
    page.dropEvent(QDropEvent(QPointF(50, 50), action, data, button, none))
    assert not page.veil.isVisible()


# --- what is shown


def test_without_a_detector_it_leads_to_train(
    page: InspectPage, opened: ProjectModel, engine: ScriptedClient, qtbot: QtBot
) -> None:
    Desk(page, opened, engine, qtbot)
    assert page.no_run.isVisible()
    with qtbot.waitSignal(page.page_requested) as asked:
        page.no_run.button.click()
    assert asked.args == ["train"]


def test_before_anything_was_looked_at_it_offers_to(desk: Desk) -> None:
    project = desk.project.project
    project.forget_inspections(RUN, [each.photo for each in project.inspections(RUN)])
    desk.page.show_project(None)
    desk.page.show_project(desk.project)
    assert desk.page.nothing.isVisible()
    desk.page.nothing.button.click()
    assert isinstance(desk.engine.last_job, EvaluateRunJob)
    assert not desk.page.nothing.button.isEnabled()
    assert desk.page.looking_bar.isVisible()


def test_photos_held_out_alone_are_nothing_looked_at(desk: Desk) -> None:
    project = desk.project.project
    project.forget_inspections(RUN, [CAUGHT, ALARM, DOUBTFUL, MISSED])
    desk.page.show_project(None)
    desk.page.show_project(desk.project)
    assert desk.page.nothing.isVisible()
    desk.page.filter_row.tabs.set_value("held_out")
    assert desk.page.grid.isVisible()


def test_photos_are_shown_by_score_with_words(desk: Desk) -> None:
    assert desk.page.grid.selection.ids == (CAUGHT, ALARM, DOUBTFUL, MISSED)
    said = desk.page.grid.cells.describe(ALARM)
    assert "The detector: Rejected, score 0.700" in said
    assert "In truth: Good" in said


def test_tabs_count_and_choose(desk: Desk) -> None:
    desk.page.filter_row.tabs.set_value("missed")
    assert desk.page.grid.selection.ids == (MISSED,)
    desk.press(Qt.Key.Key_3)
    assert desk.page.grid.selection.ids == (ALARM,)
    assert desk.page.filter_row.tabs.value == "false_alarm"


def test_nothing_like_that_is_told(desk: Desk) -> None:
    desk.model.set_filter(ResultFilter("new"))
    assert desk.page.no_match.isVisible()
    desk.page.no_match.button.click()
    assert desk.page.grid.isVisible()


def test_what_was_kept_out_is_told_and_shown(desk: Desk) -> None:
    assert desk.page.footer.guard.text() == "1 photo does not count: something was learned from it"
    desk.page.footer.show_kept_out.click()
    assert desk.page.grid.selection.ids == ("photos/test/crack/000.png",)
    assert "something was learned from it" in desk.page.grid.cells.describe("photos/test/crack/000.png")


def test_undo_of_the_bands_is_seen(desk: Desk) -> None:
    cells = desk.page.threshold.outcomes.cells
    desk.model.set_bands(Bands(0.1, 0.15))
    assert cells["missed"].count.text() == "0"
    desk.project.history.stack.undo()
    assert cells["missed"].count.text() == "1"


# --- the threshold


def test_the_counts_move_with_a_line(desk: Desk, qtbot: QtBot) -> None:
    plot, cells = desk.page.threshold.plot, desk.page.threshold.outcomes.cells
    plot.setFocus()
    assert cells["false_alarms"].count.text() == "1"
    qtbot.keyPress(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyPress(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyPress(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert cells["false_alarms"].count.text() == "0"
    assert not desk.project.history.stack.canUndo()
    qtbot.keyRelease(plot, Qt.Key.Key_Right)
    assert desk.project.history.stack.undoText() == "Move the threshold"


def test_a_target_sets_the_line_and_says_what_it_promises(desk: Desk) -> None:
    targets = desk.page.threshold.targets
    targets.rate.setValue(20)
    targets.set_rate.click()
    assert desk.model.bands is not None
    assert desk.model.bands.reject_above == 0.4  # of the one photo that was held out
    assert "can promise 50% at best" in targets.promise.text()
    targets.no_misses.click()
    assert desk.page.threshold.outcomes.cells["missed"].count.text() == "0"
    assert targets.promise.text().startswith("All 2 known bad photos are stopped")


def test_without_a_threshold_one_can_be_set_by_hand(desk: Desk) -> None:
    desk.model.try_bands(None)
    panel = desk.page.threshold
    assert panel.by_hand.isVisible()
    panel.by_hand.click()
    assert desk.model.bands is not None
    assert not panel.by_hand.isVisible()


# --- what people do


def test_keys_say_what_a_photo_is_and_go_on(desk: Desk) -> None:
    desk.page.grid.selection.select_only(ALARM)
    desk.press(Qt.Key.Key_G)
    assert desk.project.project.opinions() == {ALARM: False}
    assert desk.page.grid.selection.current == DOUBTFUL
    desk.press(Qt.Key.Key_X)
    assert desk.project.project.opinions() == {ALARM: False, DOUBTFUL: True}
    desk.page.grid.selection.select_only(ALARM)
    desk.press(Qt.Key.Key_U)
    assert desk.project.project.opinions() == {DOUBTFUL: True}


def test_several_photos_are_spoken_of_at_once(desk: Desk) -> None:
    desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_X)
    assert set(desk.project.project.opinions()) == {CAUGHT, ALARM, DOUBTFUL, MISSED}
    assert desk.project.history.stack.count() == 1


def test_one_photo_is_looked_at_large(desk: Desk) -> None:
    desk.page.grid.selection.select_only(ALARM)
    desk.press(Qt.Key.Key_Return)
    assert desk.page.is_loupe_open
    desk.press(Qt.Key.Key_Right)
    assert desk.model.current is not None
    assert desk.model.current.photo == DOUBTFUL
    desk.press(Qt.Key.Key_Escape)
    assert not desk.page.is_loupe_open
    assert desk.page.grid.selection.current == DOUBTFUL


def test_more_like_this_goes_on_with_boxes(desk: Desk, qtbot: QtBot) -> None:
    desk.page.grid.selection.select_only(MISSED)
    with qtbot.waitSignal(desk.page.page_requested) as asked:
        desk.press(Qt.Key.Key_M)
    assert asked.args == ["place"]
    plan = desk.project.more_like_this.plan
    assert plan is not None
    assert (plan.anomaly, plan.photos) == ("crack", (MISSED,))


def test_more_like_a_good_photo_is_not_offered(desk: Desk) -> None:
    desk.page.grid.selection.select_only(ALARM)
    assert not desk.page.footer.more.isEnabled()
    desk.page.grid.selection.select_only(MISSED)
    assert desk.page.footer.more.isEnabled()


def test_a_report_is_asked_for(desk: Desk) -> None:
    desk.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = desk.page.findChildren(ReportDialog)
    dialog.close()


def test_the_panel_gives_way_to_the_large_picture(desk: Desk) -> None:
    desk.page.resize(1100, 560)
    assert (desk.page.width(), desk.page.height()) == (1100, 560)
    assert desk.page.panel.isVisible()
    desk.page.show_loupe(True)
    assert not desk.page.panel.isVisible()
    desk.press(Qt.Key.Key_I)
    assert desk.page.panel.isVisible()
    desk.press(Qt.Key.Key_I)
    desk.page.show_loupe(False)
    assert not desk.page.panel.isVisible()


# --- new photos


def test_photos_that_are_dropped_stream_in(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "new.png"
    drop(desk.page, file, tmp_path / "bad.png")
    qtbot.waitUntil(lambda: bool(desk.engine.submitted))
    job = desk.engine.last_job
    assert isinstance(job, InspectJob)
    assert job.files == (str(file), str(tmp_path / "bad.png"))
    found = PhotoInspected(run=RUN, photo=str(file), score=0.8, map="m.png")
    with qtbot.waitSignal(desk.model.photos_changed):
        desk.engine.play(
            Started(title="Inspecting"), found, FileRefused(path=str(tmp_path / "bad.png"), reason="Damaged.")
        )
    assert desk.page.grid.selection.ids == (CAUGHT, str(file), ALARM, DOUBTFUL, MISSED)
    qtbot.waitUntil(lambda: not desk.model.looking.state.is_searching)
    desk.engine.finish()
    bar = desk.page.looking_bar
    assert bar.text.text() == "Looked at, with problems"
    assert bar.counts.text() == "1 photo looked at  ·  1 file could not be read"
    bar.problems.click()
    (dialog,) = desk.page.findChildren(ProblemsDialog)
    assert dialog.list.topLevelItem(0).text(1) == "Damaged."
    dialog.close()
    bar.close_button.click()
    assert not bar.isVisible()


def test_looking_can_be_cancelled(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.page.on_photos.look_at([tmp_path / "new.png"])
    qtbot.waitUntil(lambda: bool(desk.engine.submitted))
    desk.page.looking_bar.cancel.click()
    assert desk.engine.cancelled == [desk.engine.last_id]


def test_a_paused_queue_can_be_resumed(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    desk.project.queue.pause()
    desk.page.on_photos.look_at([tmp_path / "new.png"])
    qtbot.waitUntil(desk.page.looking_bar.resume.isVisible)
    desk.page.looking_bar.resume.click()
    assert isinstance(desk.engine.last_job, InspectJob)
