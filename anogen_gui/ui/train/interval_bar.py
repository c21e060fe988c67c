"""A difference and its interval, drawn as a bar around 0."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.kit import Tone

_HEIGHT, _BAR, _DOT = 26, 8, 5.0


class IntervalBar(QWidget):
    """The interval as a bar, the value as a dot on it, and a line at 0; all bars of a comparison have one scale."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._value = self._low = self._high = math.nan
        self._reach = 1.0
        self._tone: Tone = "neutral"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        icons.theme_changed.connect(lambda: self.update())

    def show_interval(self, value: float, low: float, high: float, reach: float, tone: Tone) -> None:
        """Draw these between −`reach` and `reach`."""
        self._value, self._low, self._high, self._reach, self._tone = value, low, high, reach, tone
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        theme = self._icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1))
        middle = self.height() / 2
        painter.drawLine(QPointF(self.x_of(-self._reach), middle), QPointF(self.x_of(self._reach), middle))
        color = theme.color("text_dim" if self._tone == "neutral" else self._tone)
        if not math.isnan(self._low):
            soft = theme.color("pressed" if self._tone == "neutral" else f"{self._tone}_soft")
            bar = QRectF(
                QPointF(self.x_of(self._low), middle - _BAR / 2),
                QPointF(self.x_of(self._high), middle + _BAR / 2),
            )
            painter.setPen(QPen(color, 1))
            painter.setBrush(soft)
            painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(QPen(theme.color("text"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(self.x_of(0), 1), QPointF(self.x_of(0), self.height() - 1))
        if not math.isnan(self._value):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QPointF(self.x_of(self._value), middle), _DOT, _DOT)
        painter.end()

    def x_of(self, value: float) -> float:
        """Where on the widget a difference lies."""
        room = self.width() - 2 * _DOT - 2
        return _DOT + 1 + room * (value + self._reach) / (2 * self._reach)
