"""The page without photos: what to drop here."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from anogen_gui.ui.icons import IconLabel, Icons
from anogen_gui.ui.kit import Button, PrimaryButton, TextLabel
from anogen_gui.ui.theme import space

_WIDTH = 720
_LAYOUT = (
    "Folders in the MVTec layout are sorted by their names: train/good, test/scratch, ground_truth/scratch.\n"
    "Folders named good, bad and masks are, too. For any other photos, say what they are when you drop them."
)


class EmptyPage(QWidget):
    """A large dashed area that says what to drop, and two buttons that do the same.

    Signals:
        folder_requested(), files_requested()
    """

    folder_requested = Signal()
    files_requested = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.folder = PrimaryButton("Import folder…", icons, "mdi6.folder-outline")
        self.files = Button("Import files…", icons, "mdi6.image-multiple-outline")
        self.folder.clicked.connect(self.folder_requested)
        self.files.clicked.connect(self.files_requested)
        self._arrange()
        icons.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = self._icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border_strong"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("surface"))
        area: QRect = self.rect().adjusted(space(5), space(5), -space(5), -space(5))
        painter.drawRoundedRect(area, theme.radius_large, theme.radius_large)
        painter.end()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(space(3))
        buttons.addStretch()
        buttons.addWidget(self.folder)
        buttons.addWidget(self.files)
        buttons.addStretch()
        texts = (
            TextLabel("Drop photos of your product here", "display", wrap=True),
            TextLabel(
                "Many good ones, and about three that show an anomaly: that is enough to begin.",
                "title",
                wrap=True,
            ),
            TextLabel(_LAYOUT, "dim", wrap=True),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(*[space(6) + space(5)] * 4)
        column.setSpacing(space(4))
        column.addStretch()
        icon = IconLabel(self._icons, "mdi6.image-plus-outline", "accent", 64)
        column.addWidget(icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in texts:
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            text.setMaximumWidth(_WIDTH)
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(text, 100)
            row.addStretch()
            column.addLayout(row)
        column.addSpacing(space(2))
        column.addLayout(buttons)
        column.addStretch()
