"""Notices."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import IconButton, TextLabel
from anogen_gui.ui.notices import Notice, NoticeCard, Notices


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    return window


@pytest.fixture
def notices(window: QWidget, icons: Icons) -> Notices:
    return Notices(icons, window)


def card(notices: Notices) -> NoticeCard:
    return notices.findChildren(NoticeCard)[-1]


def test_a_notice_is_shown_at_the_bottom_right_with_all_its_words(notices: Notices, window: QWidget) -> None:
    assert not notices.isVisible()
    notices.show_error("The project cannot be opened.", "It is open elsewhere, on a computer far away. " * 3)
    assert notices.isVisible()
    assert window.rect().contains(notices.geometry())
    assert notices.geometry().center().x() > 450
    for label in notices.findChildren(TextLabel):
        assert label.height() >= label.heightForWidth(label.width())
    window.resize(1200, 800)
    assert notices.geometry().right() > 1100


def test_a_notice_goes_by_itself_but_an_error_stays(
    notices: Notices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anogen_gui.ui.notices._SHOWN_MS", 30)
    notices.show_notice(Notice("Saved.", tone="good"))
    notices.show_error("Failed.")
    qtbot.waitUntil(lambda: notices.texts == ["Failed."])
    qtbot.mouseClick(card(notices).findChild(IconButton), Qt.MouseButton.LeftButton)
    assert notices.texts == []
    assert not notices.isVisible()


def test_a_notice_under_the_pointer_stays(
    notices: Notices, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anogen_gui.ui.notices._SHOWN_MS", 40)
    notices.show_notice(Notice("First"))
    first = card(notices)
    middle = QPointF(5, 5)
    QApplication.sendEvent(first, QEnterEvent(middle, middle, middle))
    notices.show_notice(Notice("Second"))
    qtbot.waitUntil(lambda: notices.texts == ["First"])
    QApplication.sendEvent(first, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: notices.texts == [])


def test_its_button_acts_and_closes_it(notices: Notices, qtbot: QtBot) -> None:
    done: list[bool] = []
    notices.show_notice(Notice("12 samples rejected.", action="Undo", act=lambda: done.append(True)))
    button = next(each for each in card(notices).findChildren(QPushButton) if each.text() == "Undo")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert notices.texts == []


def test_the_same_is_not_said_twice_and_only_a_few_are_shown(notices: Notices) -> None:
    for number in range(6):
        notices.show_error(f"Error {number}")
    notices.show_error("Error 4")
    assert notices.texts == ["Error 2", "Error 3", "Error 5", "Error 4"]


def test_a_notice_is_told_to_screen_readers(notices: Notices) -> None:
    notices.show_error("Failed.", "Try again.")
    assert card(notices).accessibleName() == "Failed. Try again."
