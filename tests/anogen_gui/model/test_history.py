"""Changes, and the way back."""

import gc

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.history import History
from engine.errors import EngineError


class Number:
    """A number that cannot be 13."""

    def __init__(self) -> None:
        self.value = 0

    def set(self, value: int) -> None:
        if value == 13:
            raise EngineError("13 cannot be.", "Take 12. Or see `anogen help`.")
        self.value = value


@pytest.fixture
def history(qtbot: QtBot) -> History:
    return History()


@pytest.fixture
def number() -> Number:
    return Number()


def put(history: History, number: Number, value: int, back: int | None = None) -> bool:
    former = number.value if back is None else back
    return history.do(f"Set {value}", lambda: number.set(value), lambda: number.set(former))


def test_a_change_is_made_once_taken_back_and_made_again(history: History, number: Number) -> None:
    assert put(history, number, 5)
    assert number.value == 5
    history.stack.undo()
    assert number.value == 0
    history.stack.redo()
    assert number.value == 5


def test_steps_have_names_and_are_unlimited(history: History, number: Number) -> None:
    for value in range(100, 400):
        put(history, number, value)
    gc.collect()  # the stack owns its steps
    assert history.stack.count() == 300
    assert history.stack.undoText() == "Set 399"
    for _ in range(300):
        history.stack.undo()
    assert number.value == 0


def test_a_change_that_fails_leaves_no_step(history: History, number: Number, qtbot: QtBot) -> None:
    with qtbot.waitSignal(history.failed) as failed:
        assert not put(history, number, 13)
    assert failed.args == ["13 cannot be.", "Take 12. Or see `anogen help`."]
    assert history.stack.count() == 0
    assert number.value == 0


def test_a_step_that_cannot_be_taken_back_leaves_the_history(
    history: History, number: Number, qtbot: QtBot
) -> None:
    put(history, number, 1)
    put(history, number, 2, back=13)
    with qtbot.waitSignal(history.failed):
        history.stack.undo()
    assert number.value == 2
    assert history.stack.undoText() == "Set 1"
    history.stack.undo()
    assert number.value == 0


def test_a_step_that_cannot_be_made_again_leaves_the_history(
    history: History, number: Number, qtbot: QtBot
) -> None:
    allowed = [True]

    def change() -> None:
        number.set(7 if allowed else 13)

    history.do("Set 7", change, lambda: number.set(0))
    history.stack.undo()
    allowed.clear()
    with qtbot.waitSignal(history.failed):
        history.stack.redo()
    assert history.stack.count() == 0
