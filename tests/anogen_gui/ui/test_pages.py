"""The pages: made when they are first shown, told of the project when they see it."""

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from anogen_gui.ui.pages import PageSpec, PageStack


class NotedPage(QWidget):
    """Writes down which projects it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Any] = []
        self.items: list[str] = []

    def show_project(self, project: Any) -> None:
        self.shown.append(project)

    def show_item(self, place: str) -> None:
        self.items.append(place)


@pytest.fixture
def stack(qtbot: QtBot) -> PageStack:
    specs = [
        PageSpec("photos", "Photos", "mdi6.image-multiple-outline", NotedPage),
        PageSpec("learn", "Learn", "mdi6.school-outline", NotedPage),
        PageSpec("train", "Train", "mdi6.chart-line", QWidget),
    ]
    stack = PageStack(specs, QLabel("start"))
    qtbot.addWidget(stack)
    return stack


def noted(stack: PageStack, key: str) -> list[Any]:
    page = stack.page(key)
    assert isinstance(page, NotedPage)
    return page.shown


def test_without_a_project_the_start_page_is_shown(stack: PageStack) -> None:
    stack.show_page("learn")
    assert isinstance(stack.currentWidget(), QLabel)
    assert stack.page("learn") is None


def test_a_page_is_made_when_it_is_first_shown(stack: PageStack) -> None:
    stack.show_project("P")
    assert stack.currentWidget() is stack.page("photos")
    assert stack.page("learn") is None
    stack.show_page("learn")
    first = stack.page("learn")
    stack.show_page("photos")
    stack.show_page("learn")
    assert stack.page("learn") is first


def test_a_page_shows_a_thing_where_it_can(stack: PageStack) -> None:
    stack.show_item("learn", "crack")
    assert stack.page("learn") is None
    stack.show_project("P")
    stack.show_item("learn", "crack")
    page = stack.page("learn")
    assert isinstance(page, NotedPage)
    assert stack.currentWidget() is page
    assert page.items == ["crack"]
    stack.show_item("train", "run")
    assert stack.key == "train"


def test_a_page_learns_of_a_project_once_and_only_when_it_is_shown(stack: PageStack) -> None:
    stack.show_project("P")
    stack.show_page("learn")
    stack.show_page("photos")
    assert noted(stack, "photos") == ["P"]
    stack.show_project(None)
    stack.show_project("Q")
    assert noted(stack, "photos") == ["P", None, "Q"]
    assert noted(stack, "learn") == ["P", None]
    stack.show_page("learn")
    assert noted(stack, "learn") == ["P", None, "Q"]


def test_the_end_of_a_project_leads_to_the_start_page_and_back(stack: PageStack, qtbot: QtBot) -> None:
    stack.show_project("P")
    with qtbot.waitSignal(stack.page_shown) as shown:
        stack.show_page("train")
    assert shown.args == ["train"]
    stack.show_project(None)
    assert isinstance(stack.currentWidget(), QLabel)
    stack.show_project("Q")
    assert stack.currentWidget() is stack.page("train")


def test_a_page_that_there_is_not(stack: PageStack) -> None:
    with pytest.raises(KeyError):
        stack.show_page("nowhere")
