"""The panel at the right of the page, which scrolls where it is too high for the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from anogen_gui.ui.kit import Panel
from anogen_gui.ui.theme import space

_WIDTH = 348


class SidePanel(Panel):
    """`column` takes what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        content = QWidget()
        self.column = QVBoxLayout()
        self.column.setSpacing(space(4))
        around = QVBoxLayout(content)
        around.setContentsMargins(space(4), space(4), space(4), space(4))
        around.addLayout(self.column)
        around.addStretch()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidgetResizable(True)
        scroll.setWidget(content)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self.setFixedWidth(_WIDTH)
