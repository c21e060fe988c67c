"""What holds other widgets."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Button, Card, EmptyState, FlowLayout, Fold, TextLabel


def test_a_card_has_title_action_and_body(qtbot: QtBot, icons: Icons) -> None:
    card = Card("Cracked")
    qtbot.addWidget(card)
    action, text = Button("Learn"), TextLabel("4 support photos")
    card.add_action(action)
    card.add(text)
    card.resize(400, 200)
    card.show()
    assert card.title.text() == "Cracked"
    assert action.geometry().right() > card.title.geometry().right()
    assert text.y() > card.title.geometry().bottom()


def test_a_fold_opens_and_closes_by_keyboard(qtbot: QtBot, icons: Icons) -> None:
    fold = Fold(icons, "Details")
    qtbot.addWidget(fold)
    inside = TextLabel("inside")
    fold.body.addWidget(inside)
    fold.show()
    assert not inside.isVisible()
    with qtbot.waitSignal(fold.toggled) as toggled:
        qtbot.keyClick(fold.findChild(QToolButton), Qt.Key.Key_Space)
    assert toggled.args == [True]
    assert inside.isVisible()
    fold.set_open(False)
    assert not inside.isVisible()


def test_an_empty_state_says_what_to_do_and_does_it(qtbot: QtBot, icons: Icons) -> None:
    state = EmptyState(icons, "mdi6.image-plus-outline", "No photos", "Drop a folder here.", "Import…")
    qtbot.addWidget(state)
    state.show()
    with qtbot.waitSignal(state.action_requested):
        qtbot.mouseClick(state.button, Qt.MouseButton.LeftButton)
    state.show_texts("Nothing found", "Try another filter.")
    assert not state.button.isVisible()
    assert {"Nothing found", "Try another filter."} <= {each.text() for each in state.findChildren(TextLabel)}


@pytest.mark.parametrize("width", [300, 1200])
def test_what_an_empty_page_says_stands_in_its_middle(qtbot: QtBot, icons: Icons, width: int) -> None:
    state = EmptyState(icons, "mdi6.image-plus-outline", "No photos", "Drop a folder here. " * 6, "Import…")
    qtbot.addWidget(state)
    state.resize(width, 500)
    state.show()
    for part in (*state.findChildren(TextLabel), state.button):
        assert abs(part.geometry().center().x() - state.rect().center().x()) <= 1
    text = state.findChildren(TextLabel)[1]
    assert text.height() >= text.heightForWidth(text.width())


def flow(qtbot: QtBot, count: int) -> tuple[QWidget, list[QFrame]]:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = FlowLayout(widget, gap=10)
    frames = [QFrame() for _ in range(count)]
    for frame in frames:
        frame.setFixedSize(50, 20)
        layout.addWidget(frame)
    return widget, frames


def test_a_flow_goes_on_in_the_next_row(qtbot: QtBot) -> None:
    widget, frames = flow(qtbot, 5)
    widget.resize(170, 100)  # room for three: 50 + 10 + 50 + 10 + 50
    widget.show()
    assert [(frame.x(), frame.y()) for frame in frames] == [(0, 0), (60, 0), (120, 0), (0, 30), (60, 30)]
    assert widget.layout().heightForWidth(170) == 50
    assert widget.layout().heightForWidth(169) == 80
    assert widget.layout().heightForWidth(1000) == 20


def test_a_flow_leaves_no_gap_for_what_is_hidden(qtbot: QtBot) -> None:
    widget, frames = flow(qtbot, 3)
    frames[1].hide()
    widget.resize(300, 100)
    widget.show()
    assert frames[2].x() == 60
    assert widget.layout().takeAt(7) is None
