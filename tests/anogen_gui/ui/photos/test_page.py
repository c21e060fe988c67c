"""The page of photos: importing, dropping, marking, the keyboard."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.model.importing import ImportRequest, ImportState
from anogen_gui.model.photo_list import PhotoFilter, PhotoList
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.canvas.pictures import Pictures
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.notices import Notice
from anogen_gui.ui.photos.drop_zones import ZoneKey
from anogen_gui.ui.photos.import_dialog import BY_FOLDERS, ImportDialog
from anogen_gui.ui.photos.page import PhotosPage
from anogen_gui.ui.photos.problems_dialog import ProblemsDialog
from anogen_gui.ui.theme import ThemeModel
from engine.project import Photo
from tests.anogen_gui.ui.photos.conftest import CRACKS, GOOD, TESTS
from tests.engine.project.product import write_mvtec, write_photo


def get(photos: PhotoList, path: str) -> Photo:
    photo = photos.photo(path)
    assert photo is not None
    return photo


def press(
    qtbot: QtBot,
    page: PhotosPage,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.keyClick(page.browser.grid, key, modifier)


def dialog_of(page: PhotosPage) -> ImportDialog:
    (dialog,) = page.findChildren(ImportDialog)
    return dialog


def drag(page: QWidget, files: Sequence[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(page, event)
    return data


def drop(page: PhotosPage, files: Sequence[Path], zone: ZoneKey) -> None:
    data = drag(page, files)
    assert page.zones.isVisible()
    event = QDropEvent(
        QPointF(page.zones.center_of(zone)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QEvent.Type.Drop,
    )
    QApplication.sendEvent(page, event)
    assert not page.zones.isVisible()


def imported(qtbot: QtBot, model: ProjectModel) -> None:
    qtbot.waitUntil(
        lambda: model.importing.state.request is not None and not model.importing.state.is_running
    )


@pytest.fixture
def empty_page(
    qtbot: QtBot,
    theme_model: ThemeModel,
    icons: Icons,
    thumbnails: Thumbnails,
    pictures: Pictures,
    empty_model: ProjectModel,
) -> PhotosPage:
    page = PhotosPage(theme_model, icons, thumbnails, pictures)
    qtbot.addWidget(page)
    page.show_project(empty_model)
    page.show()
    return page


# --- what is shown


def test_the_strip_counts_the_photos(page: PhotosPage, model: ProjectModel) -> None:
    counts = page.browser.selection_bar.counts
    assert counts.text() == "4 good, 0 bad, 6 test"
    model.photos.set_role(CRACKS[:2], "bad")
    assert counts.text() == "4 good, 2 bad (2 with mask), 4 test"


def test_without_photos_the_page_says_what_to_drop(
    empty_page: PhotosPage, tmp_path: Path, empty_model: ProjectModel, qtbot: QtBot
) -> None:
    assert empty_page.empty.isVisible()
    empty_page.start_import(ImportRequest((write_mvtec(tmp_path / "source"),)))
    qtbot.waitUntil(lambda: empty_page.browser.isVisible())
    imported(qtbot, empty_model)
    assert len(empty_page.browser.grid.selection.ids) == 10


def test_filters_narrow_the_grid_and_are_cleared(page: PhotosPage, photos: PhotoList) -> None:
    bar, grid = page.browser.filter_bar, page.browser.grid
    bar.roles.set_value("test")
    bar.anomaly.set_value("crack")
    assert list(grid.selection.ids) == CRACKS
    bar.search.setText("003")
    assert grid.selection.ids == (CRACKS[3],)
    assert page.browser.selection_bar.counts.text().startswith("1 of 10 shown")
    bar.search.setText("nothing")
    assert page.browser.no_match.isVisible()
    page.browser.no_match.button.click()
    assert photos.filter == PhotoFilter()
    assert len(grid.selection.ids) == 10
    assert bar.search.text() == ""


def test_the_size_follows_the_slider_and_the_wheel(page: PhotosPage) -> None:
    bar, grid = page.browser.look_bar, page.browser.grid
    bar.size_slider.setValue(bar.size_slider.maximum())
    assert grid.side == 320
    grid.set_side(128)
    assert bar.size_slider.value() == 1


def test_thumbnails_come_in_the_background(page: PhotosPage, thumbnails: Thumbnails, qtbot: QtBot) -> None:
    with qtbot.waitSignal(thumbnails.made):
        page.browser.grid.grab()
    assert page.browser.grid.cells.describe(CRACKS[0]).splitlines()[2] == "Test: crack, key 1"


# --- marking


def test_digit_keys_label_the_selected_photos(page: PhotosPage, photos: PhotoList, qtbot: QtBot) -> None:
    page.browser.grid.go_to([GOOD[0], GOOD[1]])
    press(qtbot, page, Qt.Key.Key_1)
    assert [(get(photos, path).role, get(photos, path).anomaly) for path in GOOD[:2]] == [
        ("bad", "crack")
    ] * 2
    assert page.browser.selected_paths == tuple(GOOD[:2])
    page.browser.grid.go_to([TESTS[0]])
    press(qtbot, page, Qt.Key.Key_1)
    assert get(photos, TESTS[0]).role == "test"


def test_a_digit_without_a_class_says_so(page: PhotosPage, qtbot: QtBot) -> None:
    page.browser.grid.go_to([GOOD[0]])
    with qtbot.waitSignal(page.noticed) as noticed:
        press(qtbot, page, Qt.Key.Key_7)
    (notice,) = noticed.args
    assert isinstance(notice, Notice)
    assert notice.text == "No anomaly class has the key 7."


def test_keys_mark_as_good_and_test(page: PhotosPage, photos: PhotoList, qtbot: QtBot) -> None:
    page.browser.grid.go_to([CRACKS[0]])
    press(qtbot, page, Qt.Key.Key_G)
    assert get(photos, CRACKS[0]).role == "good"
    press(qtbot, page, Qt.Key.Key_T)
    assert get(photos, CRACKS[0]).role == "test"


def test_letters_typed_into_the_search_mark_nothing(
    page: PhotosPage, photos: PhotoList, qtbot: QtBot
) -> None:
    page.browser.grid.go_to([CRACKS[0]])
    qtbot.keyClicks(page.browser.filter_bar.search, "00gts1")
    assert page.browser.filter_bar.search.text() == "00gts1"
    assert get(photos, CRACKS[0]).role == "test"


def test_s_takes_supports_in_and_out_and_the_leak_rule_is_said(
    page: PhotosPage, photos: PhotoList, qtbot: QtBot
) -> None:
    page.browser.grid.go_to(CRACKS[:2])
    with qtbot.waitSignal(page.noticed) as noticed:
        press(qtbot, page, Qt.Key.Key_S)
    (notice,) = noticed.args
    assert "a support photo is never a test photo" in notice.text
    assert photos.counts_of("crack").supports == 2
    page.browser.grid.go_to(CRACKS[:1])
    press(qtbot, page, Qt.Key.Key_S)
    assert photos.counts_of("crack").supports == 1


def test_a_former_support_cannot_become_a_test_photo_and_one_sentence_says_why(
    page: PhotosPage, photos: PhotoList, model: ProjectModel, qtbot: QtBot
) -> None:
    photos.add_supports(CRACKS[:1])
    page.browser.grid.go_to(CRACKS[:1])
    with qtbot.waitSignal(model.failed) as failed:
        press(qtbot, page, Qt.Key.Key_T)
    assert "can never be a test photo" in failed.args[0]
    assert get(photos, CRACKS[0]).role == "bad"


def test_the_menu_offers_the_classes(page: PhotosPage, photos: PhotoList) -> None:
    page.browser.grid.go_to([GOOD[0]])
    page.browser.selection_bar.bad.click()
    menu = open_menu()
    assert [action.text() for action in menu.actions() if action.text()] == ["crack\t1", "New class…"]
    menu.actions()[0].trigger()
    menu.close()
    assert get(photos, GOOD[0]).anomaly == "crack"


def test_a_new_class_is_named_and_labels_the_photos(
    page: PhotosPage, photos: PhotoList, qtbot: QtBot
) -> None:
    page.browser.grid.go_to([GOOD[0]])
    page.browser.grid.menu_requested.emit(page.mapToGlobal(QPoint(100, 100)))
    menu = open_menu()
    assert "Open\tReturn" in [action.text() for action in menu.actions()]
    bad = next(action.menu() for action in menu.actions() if action.text() == "Mark as bad")
    assert isinstance(bad, QMenu)
    bad.actions()[-1].trigger()
    menu.close()
    (dialog,) = page.findChildren(QInputDialog)
    dialog.setTextValue("dent")
    dialog.accept()
    assert get(photos, GOOD[0]).anomaly == "dent"


def open_menu() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_hint_leads_to_learn(page: PhotosPage, model: ProjectModel, qtbot: QtBot) -> None:
    hint = page.browser.hint_bar
    assert "three bad photos" in hint.text.text()
    model.photos.set_role(CRACKS[:1], "bad")
    with qtbot.waitSignal(page.page_requested) as requested:
        hint.button.click()
    assert requested.args == ["learn"]
    hint.close_button.click()
    model.photos.set_role(CRACKS[1:2], "bad")
    assert hint.isHidden()


# --- import


def test_a_folder_dropped_on_its_zone_is_sorted_by_its_names(
    empty_page: PhotosPage, empty_model: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(empty_page, [write_mvtec(tmp_path / "source")], "folders")
    imported(qtbot, empty_model)
    assert len(empty_model.photos.all()) == 10


def test_files_dropped_on_a_zone_are_what_it_says(
    empty_page: PhotosPage, empty_model: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(empty_page, [write_photo(tmp_path / f"{seed}.png", seed) for seed in (1, 2)], "good")
    imported(qtbot, empty_model)
    assert [photo.role for photo in empty_model.photos.all()] == ["good", "good"]


def test_bad_photos_are_asked_for_their_class(
    page: PhotosPage, model: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(page, [write_photo(tmp_path / "9.png", 9)], "bad")
    dialog = dialog_of(page)
    assert dialog.roles.value == "bad"
    assert dialog.anomaly.currentText() == "crack"
    dialog.anomaly.setCurrentText("dent")
    dialog.ok.click()
    imported(qtbot, model)
    assert [photo.name for photo in model.photos.of_role("bad", "dent")] == ["9"]


def test_the_hint_asks_for_bad_photos(
    page: PhotosPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_photo(tmp_path / "9.png", 9)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    page.browser.hint_bar.button.click()
    assert dialog_of(page).request == ImportRequest((file,), "bad", "crack")
    dialog_of(page).reject()


def test_nothing_but_files_can_be_dropped(page: PhotosPage) -> None:
    data = QMimeData()
    data.setText("words")
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(page, event)
    assert not page.zones.isVisible()


def test_the_dialog_asks_only_for_what_matters(page: PhotosPage, tmp_path: Path) -> None:
    page.ask_for_role([tmp_path])
    dialog = dialog_of(page)
    assert dialog.roles.value == BY_FOLDERS
    assert dialog.request == ImportRequest((tmp_path,))
    dialog.roles.set_value("good")
    assert not dialog.anomaly.isVisible()
    assert not dialog.masks.isVisible()
    dialog.roles.set_value("bad")
    assert dialog.anomaly.isVisible()
    dialog.take_masks(tmp_path / "masks")
    assert dialog.request == ImportRequest((tmp_path,), "bad", "crack", tmp_path / "masks")
    dialog.reject()


def test_a_folder_that_says_nothing_leads_to_the_question(
    empty_page: PhotosPage, empty_model: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = write_photo(tmp_path / "today" / "1.png", 1).parent
    empty_page.start_import(ImportRequest((folder,)))
    imported(qtbot, empty_model)
    bar = empty_page.browser.import_bar
    assert bar.text.text() == "Nothing was imported"
    assert bar.tone == "bad"
    bar.ask.click()
    dialog_of(empty_page).ok.click()
    qtbot.waitUntil(lambda: len(empty_model.photos.all()) == 1)
    assert empty_model.photos.all()[0].role == "good"


def test_a_full_disk_leads_to_no_question(empty_page: PhotosPage, tmp_path: Path) -> None:
    bar = empty_page.browser.import_bar
    bar.show_state(ImportState(ImportRequest((tmp_path,)), total=7, errors=("The disk is full.",)))
    assert bar.text.text() == "Nothing was imported"
    assert bar.ask.isHidden()


def test_problems_are_listed_and_copied(
    page: PhotosPage, model: ProjectModel, tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"no picture")
    page.start_import(
        ImportRequest((tmp_path / "a.png", tmp_path / "b.png", write_photo(tmp_path / "c.png", 9)), "good")
    )
    imported(qtbot, model)
    bar = page.browser.import_bar
    assert bar.text.text() == "Imported, with problems"
    assert bar.counts.text() == "1 photo added  ·  2 files could not be used"
    bar.problems.click()
    (dialog,) = page.findChildren(ProblemsDialog)
    dialog.copy_button.click()
    lines = qapp.clipboard().text().splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(tmp_path / "a.png"), str(tmp_path / "b.png")]
    dialog.list.topLevelItem(1).setSelected(True)  # type: ignore[union-attr]
    dialog.copy()
    assert qapp.clipboard().text() == lines[1]
    dialog.close_button.click()


def test_an_import_is_cancelled_in_place(
    page: PhotosPage, model: ProjectModel, tmp_path: Path, qtbot: QtBot
) -> None:
    files = [write_photo(tmp_path / f"{seed}.png", seed) for seed in range(300, 360)]
    page.start_import(ImportRequest(tuple(files), "good"))
    bar = page.browser.import_bar
    assert bar.cancel.isVisible()
    qtbot.waitUntil(lambda: model.importing.state.added > 0)
    bar.cancel.click()
    imported(qtbot, model)
    assert bar.text.text() == "Import cancelled: what came is kept"
    assert 0 < len(model.photos.of_role("good")) - 4 < 60
    bar.close_button.click()
    assert bar.isHidden()
