"""The key sheet."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.key_sheet import KeySheet, KeySheetOverlay
from anogen_gui.ui.keys import add_key
from anogen_gui.ui.kit import KeyCap, TextLabel


def sheet_of(*titles: str) -> KeySheet:
    sheet = KeySheet()
    for title in titles:
        sheet.add(title, [("A", f"{title} does a"), (("Shift", "drag"), "Square")], page=title.lower())
    return sheet


def overlay(qtbot: QtBot, icons: Icons, sheet: KeySheet, page: str = "") -> tuple[QWidget, KeySheetOverlay]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    return window, KeySheetOverlay(sheet, page, icons, window)


def test_a_group_of_the_same_title_is_replaced() -> None:
    sheet = sheet_of("Place", "Curate")
    sheet.add("Place", [("B", "Does b")])
    assert [group.title for group in sheet.groups] == ["Place", "Curate"]
    assert sheet.groups[0].hints[0].caps == ("B",)


def test_the_keys_of_the_current_page_come_first_and_those_of_others_not_at_all() -> None:
    sheet = KeySheet()
    sheet.add("Everywhere", [("A", "Does a")])
    sheet.groups.extend(sheet_of("Photos", "Place", "Curate").groups)
    assert [group.title for group in sheet.groups_for("curate")] == ["Curate", "Everywhere"]


def test_every_key_is_on_the_sheet(qtbot: QtBot, icons: Icons) -> None:
    sheet = KeySheet()
    for title in ("Photos", "Learn", "Place", "Curate"):
        sheet.add(title, [("A", f"{title} does a"), (("Shift", "drag"), "Square")])
    _window, shown = overlay(qtbot, icons, sheet)
    texts = {label.text() for label in shown.findChildren(TextLabel)}
    assert {f"{title} does a" for title in ("Photos", "Learn", "Place", "Curate")} <= texts
    assert len(shown.findChildren(KeyCap)) == 12


def test_it_covers_the_window_and_grows_with_it(qtbot: QtBot, icons: Icons) -> None:
    window, shown = overlay(qtbot, icons, sheet_of("Place"))
    assert shown.geometry() == window.rect()
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: shown.geometry() == window.rect())


def test_escape_the_question_mark_or_a_click_beside_it_closes_it(qtbot: QtBot, icons: Icons) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    for close in (
        lambda shown: qtbot.keyClick(shown, Qt.Key.Key_Escape),
        lambda shown: qtbot.keyClick(shown, Qt.Key.Key_Question),
        lambda shown: qtbot.mouseClick(shown, Qt.MouseButton.LeftButton, pos=QPoint(3, 3)),
    ):
        shown = KeySheetOverlay(sheet_of("Place"), "", icons, window)
        with qtbot.waitSignal(shown.destroyed):
            close(shown)


def test_no_key_does_anything_below_it_and_then_the_keyboard_is_where_it_was(
    qtbot: QtBot, icons: Icons
) -> None:
    window, done = QWidget(), []
    qtbot.addWidget(window)
    place = QLineEdit(window)
    QPushButton(window)  # where the keyboard would go next
    for key in ("?", "Ctrl+2"):
        add_key(window, key, partial(done.append, key))
    window.show()
    window.activateWindow()
    place.setFocus()
    qtbot.waitUntil(place.hasFocus)
    shown = KeySheetOverlay(sheet_of("Place"), "", icons, window)
    qtbot.keyClick(shown, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(shown.destroyed):
        qtbot.keyClick(shown, Qt.Key.Key_Question)
    assert done == []
    assert place.hasFocus()
    qtbot.keyClick(place, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert done == ["Ctrl+2"]


def test_a_sheet_that_does_not_fit_scrolls(qtbot: QtBot, icons: Icons) -> None:
    sheet = KeySheet()
    sheet.add("Place", [("A", f"Does {number}") for number in range(60)])
    window, shown = overlay(qtbot, icons, sheet)
    bars = shown.findChildren(QScrollBar)
    qtbot.waitUntil(
        lambda: any(bar.maximum() > 0 for bar in bars if bar.orientation() == Qt.Orientation.Vertical)
    )
    card = shown.findChild(QWidget, "floating")
    assert window.rect().contains(card.geometry())
