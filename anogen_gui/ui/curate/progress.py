"""How far judging has come: a bar in three parts, and the same in words."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from anogen_gui.model.tally import VerdictCounts
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import TextLabel
from anogen_gui.ui.theme import space

_WIDTH, _LEAST_WIDTH, _HEIGHT = 200, 48, 8


class VerdictProgress(QWidget):
    """“38 of 120 judged”, and a bar of accepted, rejected and undecided samples."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = TextLabel(role="dim")
        self._bar = _Bar(icons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(space(3))
        row.addWidget(self._words)
        row.addWidget(self._bar)
        self.show_counts(VerdictCounts())

    def show_counts(self, counts: VerdictCounts) -> None:
        self._words.setText(f"{counts.judged} of {counts.total} judged")
        self._bar.counts = counts
        self._bar.update()
        self.setToolTip(
            f"{counts.accepted} accepted, {counts.rejected} rejected, {counts.undecided} undecided"
        )
        self.setAccessibleName(f"{self._words.text()}: {self.toolTip()}")


class _Bar(QWidget):
    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.counts = VerdictCounts()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        icons.theme_changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        return QSize(_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(_LEAST_WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, rect = self._icons.theme, QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setClipPath(outline)
        painter.fillRect(rect, theme.color("pressed"))
        left = 0.0
        for count, token in ((self.counts.accepted, "good"), (self.counts.rejected, "bad")):
            width = rect.width() * count / max(self.counts.total, 1)
            painter.fillRect(QRectF(left, 0, width, rect.height()), theme.color(token))
            left += width
            if width and token == "good":  # told apart without colours, too
                painter.fillRect(QRectF(left - 1, 0, 2, rect.height()), theme.color("background"))
        painter.end()
