"""Which things are selected, and where the keyboard is."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.ui.grid.selection import Selection


@pytest.fixture
def selection(qtbot: QtBot) -> Selection:
    selection = Selection()
    selection.set_ids("abcdef")
    return selection


def test_selecting_one_leaves_the_others(selection: Selection) -> None:
    selection.select_only("b")
    selection.select_only("d")
    assert selection.selected == ("d",)
    assert (selection.current, selection.current_index) == ("d", 3)


def test_a_range_goes_from_the_anchor_and_turns_about_it(selection: Selection) -> None:
    selection.select_only("c")
    selection.extend_to("e")
    assert selection.selected == ("c", "d", "e")
    selection.extend_to("a")
    assert selection.selected == ("a", "b", "c")
    assert selection.current == "a"


def test_a_kept_range_adds(selection: Selection) -> None:
    selection.select_only("a")
    selection.toggle("e")
    selection.extend_to("d", keep=True)
    assert selection.selected == ("a", "d", "e")


def test_toggling_takes_in_and_out(selection: Selection) -> None:
    selection.toggle("a")
    selection.toggle("c")
    selection.toggle("a")
    assert selection.selected == ("c",)
    assert selection.current == "a"


def test_selected_are_in_the_order_of_the_list(selection: Selection) -> None:
    selection.select("fca")
    assert selection.selected == ("a", "c", "f")
    assert selection.current == "a"
    assert selection.count == 3


def test_what_is_not_in_the_list_cannot_be_selected(selection: Selection) -> None:
    selection.select("ax")
    assert selection.selected == ("a",)


def test_another_list_keeps_what_is_still_there(selection: Selection) -> None:
    selection.select("bd")
    selection.move_to("d")
    selection.set_ids("fedc")
    assert selection.selected == ("d",)
    assert selection.current == "d"


def test_the_keyboard_goes_to_the_neighbour_of_what_went(selection: Selection) -> None:
    selection.select_only("c")
    selection.set_ids("abdef")
    assert selection.selected == ()
    assert selection.current == "d"
    selection.extend_to("e")
    assert selection.selected == ("d", "e")


def test_an_empty_list_has_no_current(selection: Selection) -> None:
    selection.select_only("c")
    selection.set_ids(())
    assert selection.current is None
    assert selection.selected == ()


def test_signals_come_only_on_change(selection: Selection, qtbot: QtBot) -> None:
    selection.select_only("c")
    with qtbot.assertNotEmitted(selection.changed), qtbot.assertNotEmitted(selection.current_changed):
        selection.select_only("c")
        selection.set_ids("abcdef")
    with qtbot.waitSignals([selection.changed, selection.current_changed]):
        selection.select_only("d")
