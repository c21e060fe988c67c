"""The pages of the window: what there is, and the stack that makes each when it is first shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


@dataclass(frozen=True)
class PageSpec:
    """A page of the left rail.

    Attributes:
        key: what settings and code call it, such as "learn".
        icon: its icon; the current page has the one without "-outline".
        make: builds the widget, when it is first shown. A widget with a method `show_project(project_or_none)` is
            told which project is open; one with a method `show_item(place)` can show one thing of it.
    """

    key: str
    title: str
    icon: str
    make: Callable[[], QWidget]


class PageStack(QStackedWidget):
    """Shows one page at a time, or `start` without a project.

    A page learns of a project when it is shown, and of its end at once.

    Signals:
        page_shown(key)
    """

    page_shown = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], start: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs = {spec.key: spec for spec in specs}
        self._pages: dict[str, QWidget] = {}
        self._told: dict[str, object] = {}
        self._start = start
        self._project: Any = None
        self._key = next(iter(self._specs), "")
        self.addWidget(start)

    @property
    def key(self) -> str:
        """The page that is chosen; it is shown as soon as there is a project."""
        return self._key

    @property
    def project(self) -> Any:
        return self._project

    def page(self, key: str) -> QWidget | None:
        """The page's widget; None before it was first shown."""
        return self._pages.get(key)

    def show_page(self, key: str) -> None:
        """Choose a page. Raises KeyError for one that there is not."""
        spec = self._specs[key]
        is_new = key != self._key
        self._key = key
        widget = self._start if self._project is None else self._made(spec)
        self.setCurrentWidget(widget)
        if is_new:
            self.page_shown.emit(key)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_item(self, key: str, place: str) -> None:
        """Choose a page, and let it show a thing, such as a photo by its path, where it can."""
        self.show_page(key)
        show = getattr(self.page(key), "show_item", None)
        if show is not None and self._project is not None:
            show(place)

    def show_project(self, project: Any) -> None:
        """A project was opened, or (None) is about to close."""
        self._project = project
        if project is None:
            for key in self._pages:
                self._tell(key)
        self.show_page(self._key)

    def _made(self, spec: PageSpec) -> QWidget:
        if spec.key not in self._pages:
            self._pages[spec.key] = spec.make()
            self.addWidget(self._pages[spec.key])
        self._tell(spec.key)
        return self._pages[spec.key]

    def _tell(self, key: str) -> None:
        if key not in self._told or self._told[key] is not self._project:
            self._told[key] = self._project
            show = getattr(self._pages[key], "show_project", None)
            if show is not None:
                show(self._project)
