"""Where the jobs panel is: beside the pages, or over them where the window is too small for both."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

_PAGE_WIDTH = 848  # that every page has room in; in a window of 1280 the panel stands beside it


class JobsPlace(QWidget):
    """Shows `pages`, and `panel` at their right; a page never has less than its room.

    Attributes:
        splitter: between the two, while they are side by side.

    Signals:
        page_room_changed(): `page_room` is another one.
    """

    page_room_changed = Signal()

    def __init__(self, pages: QWidget, panel: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages, self._panel = pages, panel
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(pages)
        self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        pages.setMinimumWidth(_PAGE_WIDTH)
        self.setMinimumWidth(_PAGE_WIDTH)
        for widget in (pages, panel):
            widget.installEventFilter(self)

    @property
    def is_over_pages(self) -> bool:
        return self._panel.parentWidget() is self

    def page_room(self) -> QRect:
        """Where the page is, and the panel is not."""
        is_covered = self.is_over_pages and not self._panel.isHidden()
        covered = self._panel.minimumWidth() if is_covered else 0
        return QRect(0, 0, self._pages.width() - covered, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's names
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self.page_room_changed.emit()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        room = _PAGE_WIDTH + self.splitter.handleWidth() + self._panel.minimumWidth()
        is_cramped = self.width() < room
        if is_cramped != self.is_over_pages:
            self._move_panel(is_cramped)
        self.splitter.setGeometry(self.rect())
        if is_cramped:
            width = self._panel.minimumWidth()
            self._panel.setGeometry(self.width() - width, 0, width, self.height())
        super().resizeEvent(event)

    def _move_panel(self, is_over_pages: bool) -> None:
        is_hidden = self._panel.isHidden()
        if is_over_pages:
            self._panel.setParent(self)
            self._panel.raise_()
        else:
            self.splitter.addWidget(self._panel)
        self._panel.setHidden(is_hidden)
