"""Judging samples on the page, with the keyboard."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.curate.export_dialog import ExportDialog
from anogen_gui.ui.curate.page import CuratePage
from engine.data.images import save_png
from engine.project import Project, Verdict
from tests.anogen_gui.sample_rows import record_pictures
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.curate.conftest import MakePage

Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def model_of(page: CuratePage) -> CurateModel:
    assert page.model is not None
    return page.model


def press(qtbot: QtBot, page: CuratePage, *keys: Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    """Type keys where the keyboard is."""
    for key in keys:
        widget = page.focusWidget() or page
        qtbot.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


def verdicts(project: ProjectModel) -> list[Verdict]:
    """As the catalogue has them, the newest sample first."""
    return [sample.verdict for sample in reversed(project.project.samples())]


def test_the_keyboard_is_at_the_first_sample(page: CuratePage) -> None:
    assert page.grid.hasFocus()
    assert model_of(page).selection == Selection.only(6)


def test_the_keyboard_is_at_the_samples_whenever_the_page_is_shown(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel
) -> None:
    page.header.export.setFocus()
    page.setFocus()  # as the window does when it shows a page
    assert page.grid.hasFocus()
    page.show_loupe(True)
    page.header.export.setFocus()
    page.setFocus()
    press(qtbot, page, Key.Key_P)
    assert verdicts(project_model)[0] == "accepted"
    page.show_loupe(False)
    model_of(page).set_filter(SampleFilter(verdict="rejected"))
    page.setFocus()
    assert page.no_match.button.hasFocus()


def test_keys_judge_one_sample_after_the_other(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel
) -> None:
    press(qtbot, page, Key.Key_P, Key.Key_X, Key.Key_U, Key.Key_P)
    assert verdicts(project_model) == [
        "accepted",
        "rejected",
        "undecided",
        "accepted",
        "undecided",
        "undecided",
    ]
    assert model_of(page).selection.current == 2


def test_digits_give_stars(qtbot: QtBot, page: CuratePage, project_model: ProjectModel) -> None:
    press(qtbot, page, Key.Key_4, Key.Key_Right, Key.Key_5, Key.Key_0)
    assert [sample.stars for sample in project_model.samples.all()] == [0, 0, 0, 0, 0, 4]


def test_what_is_judged_can_be_undone(qtbot: QtBot, page: CuratePage, project_model: ProjectModel) -> None:
    press(qtbot, page, Key.Key_P, Key.Key_P)
    project_model.history.stack.undo()
    assert verdicts(project_model) == ["accepted", *["undecided"] * 5]
    assert page.grid.selection.current == 5
    assert page.grid.selection.selected == (5,)


def test_arrows_and_shift_choose_several(qtbot: QtBot, page: CuratePage, project_model: ProjectModel) -> None:
    press(qtbot, page, Key.Key_Right)
    press(qtbot, page, Key.Key_Right, Key.Key_Right, modifier=SHIFT)
    press(qtbot, page, Key.Key_X)
    assert verdicts(project_model) == ["undecided", *["rejected"] * 3, *["undecided"] * 2]
    assert project_model.history.stack.undoText() == "Reject 3 samples"


def test_all_can_be_chosen(qtbot: QtBot, page: CuratePage, project_model: ProjectModel) -> None:
    press(qtbot, page, Key.Key_A, modifier=CTRL)
    press(qtbot, page, Key.Key_P)
    assert verdicts(project_model) == ["accepted"] * 6


def test_counts_follow(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_P, Key.Key_X)
    assert page.header.progress.accessibleName() == ("2 of 6 judged: 1 accepted, 1 rejected, 4 undecided")


def test_return_opens_the_loupe_and_escape_leaves_it(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_Right, Key.Key_Return)
    assert page.is_loupe_open
    assert page.loupe.view.hasFocus()
    assert page.loupe.bar.isVisible()
    assert not page.filter_bar.isVisible()
    press(qtbot, page, Key.Key_P)
    assert model_of(page).selection.current == 4
    press(qtbot, page, Key.Key_Escape)
    assert not page.is_loupe_open
    assert page.grid.hasFocus()
    assert page.grid.selection.current == 4


def test_in_the_loupe_only_what_is_seen_is_judged(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel
) -> None:
    press(qtbot, page, Key.Key_A, modifier=CTRL)
    press(qtbot, page, Key.Key_Return, Key.Key_P)
    assert verdicts(project_model).count("accepted") == 1


def test_without_samples_the_way_leads_to_place(qtbot: QtBot, make_page: MakePage, tmp_path: Path) -> None:
    empty = ProjectModel(Project.create(tmp_path / "E"), ScriptedClient())
    page = make_page(empty)
    assert page.no_samples.isVisible()
    with qtbot.waitSignal(page.page_requested) as told:
        page.no_samples.button.click()
    assert told.args == ["place"]
    page.show_project(None)
    empty.close()


def test_the_first_sample_that_is_generated_is_seen(
    qtbot: QtBot, make_page: MakePage, tmp_path: Path
) -> None:
    project = ProjectModel(Project.create(tmp_path / "E"), ScriptedClient())
    page = make_page(project)
    record_pictures(project.project, ["000009"])
    project.samples.refresh("samples/crack/run1/000009.png")
    assert page.grid.isVisible()
    assert page.grid.selection.ids == (1,)
    page.show_project(None)
    project.close()


def test_a_filter_that_nothing_matches_can_be_cleared(qtbot: QtBot, page: CuratePage) -> None:
    model_of(page).set_filter(SampleFilter(verdict="accepted"))
    assert page.no_match.isVisible()
    page.no_match.button.click()
    assert page.grid.isVisible()
    assert page.grid.hasFocus()
    assert model_of(page).filter == SampleFilter()


def test_when_all_are_judged_it_says_so(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_A, modifier=CTRL)
    press(qtbot, page, Key.Key_P)
    model_of(page).set_filter(SampleFilter(verdict="undecided"))
    assert page.no_match.button.text() == "Show all"


def test_new_samples_move_nothing_until_they_are_asked_for(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel
) -> None:
    record_pictures(project_model.project, ["000009"])
    project_model.samples.refresh("samples/crack/run1/000009.png")
    assert page.grid.selection.ids == (6, 5, 4, 3, 2, 1)
    assert page.footer.news.text() == "1 new sample"
    press(qtbot, page, Key.Key_F5)
    assert page.grid.selection.ids == (7, 6, 5, 4, 3, 2, 1)
    assert not page.footer.button.isVisible()


def test_a_page_that_is_shown_again_shows_what_came_meanwhile(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel
) -> None:
    page.hide()
    record_pictures(project_model.project, ["000009"])
    project_model.samples.refresh("samples/crack/run1/000009.png")
    page.show()
    assert page.grid.selection.ids == (7, 6, 5, 4, 3, 2, 1)


def test_a_sample_that_is_written_again_is_shown_as_it_is_now(
    qtbot: QtBot, page: CuratePage, project_model: ProjectModel, pictures: Pictures
) -> None:
    press(qtbot, page, Key.Key_Return)
    sample = project_model.samples.get(6)
    assert sample is not None
    file = project_model.file(sample.path)
    qtbot.waitUntil(lambda: pictures.get(file) is not None)
    save_png(file, np.full((40, 48, 3), 255, dtype=np.uint8))
    project_model.samples.refresh(sample.path)

    def is_white() -> bool:
        picture = pictures.get(file)
        return picture is not None and picture.image.pixelColor(5, 5).lightness() == 255

    qtbot.waitUntil(is_white)


def test_close_ups_are_shown_everywhere(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_C)
    assert page.header.framing.value is True
    assert page.grid.cells.shows_close_up


def test_details_can_be_hidden(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_I)
    assert not page.details.isVisible()
    press(qtbot, page, Key.Key_I)
    assert page.details.isVisible()


def test_the_wheel_and_the_slider_agree_on_the_size(page: CuratePage) -> None:
    page.grid.set_side(256)
    assert page.header.side == 256
    page.header.size_slider.setValue(0)
    assert page.grid.side == 128


def test_the_seed_can_be_copied(qtbot: QtBot, page: CuratePage) -> None:
    page.details.facts.copy_seed.click()
    assert QGuiApplication.clipboard().text() == "7"


def test_the_file_is_shown_in_its_folder(
    page: CuratePage, project_model: ProjectModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.details.facts.show_file.click()
    assert opened == [(project_model.folder / "samples/burnt/run2").as_posix()]


def test_a_key_opens_the_export(qtbot: QtBot, page: CuratePage) -> None:
    press(qtbot, page, Key.Key_E, modifier=CTRL)
    (dialog,) = page.findChildren(ExportDialog)
    assert dialog.isVisible()
    dialog.close()


def test_the_menu_judges_too(qtbot: QtBot, page: CuratePage, project_model: ProjectModel) -> None:
    page.grid.menu_requested.emit(page.mapToGlobal(page.rect().center()))
    (menu,) = page.findChildren(QMenu)
    next(action for action in menu.actions() if action.text() == "Reject").trigger()
    menu.close()
    assert verdicts(project_model)[0] == "rejected"


def test_every_control_can_be_named_by_a_screen_reader(page: CuratePage) -> None:
    silent = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert not silent, silent


def test_another_project_is_shown_in_place_of_the_first(
    qtbot: QtBot, page: CuratePage, tmp_path: Path
) -> None:
    other = ProjectModel(Project.create(tmp_path / "other"), ScriptedClient())
    record_pictures(other.project, ["000000"])
    other.samples.reload()
    page.show_project(other)
    assert page.grid.selection.ids == (1,)
    press(qtbot, page, Key.Key_P)
    assert other.project.samples()[0].verdict == "accepted"
    page.show_project(None)
    assert page.grid.selection.ids == ()
    other.close()
