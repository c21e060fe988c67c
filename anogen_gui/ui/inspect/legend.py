"""The colours of the map, what they mean, and which scores are rejected."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.map_colours import colour_of
from anogen_gui.ui.inspect.verdict_words import BANDS, score_words
from anogen_gui.ui.theme import space
from engine.reporting.facts import Band, Bands

_STOPS = 32  # of the gradient
_SCALE_WIDTH, _BAND_WIDTH, _MARK = 18, 5, 7
_LEAST_HEIGHT = 160


class Legend(QWidget):
    """An upright scale from 0 to 1 with the bands of the run beside it.

    A mark at its left is the photo's score, a line across it the value under the pointer.
    """

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._bands: Bands | None = None
        self._score: float | None = None
        self._value: float | None = None
        icons.theme_changed.connect(lambda _theme: self.update())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip("The colours are the same for all photos: how probably a place is anomalous")
        self._tell()

    def show_bands(self, bands: Bands | None) -> None:
        """Mark what is rejected; None: nothing is known of that."""
        self._bands = bands
        self._tell()

    def show_score(self, score: float | None) -> None:
        self._score = score
        self._tell()

    def show_value(self, value: float | None) -> None:
        """The map's value under the pointer, if there is one."""
        if value != self._value:
            self._value = value
            self.update()

    @property
    def value(self) -> float | None:
        return self._value

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names
        words = max(self.fontMetrics().horizontalAdvance(band.word) for band in BANDS.values())
        width = self._number_width + 2 * _MARK + _SCALE_WIDTH + _BAND_WIDTH + 2 * space(2) + words
        return QSize(width, 2 * _LEAST_HEIGHT)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(self.sizeHint().width(), _LEAST_HEIGHT)

    def y_of(self, value: float) -> float:
        """How far down a value is on the scale."""
        room = self.fontMetrics().height() / 2 + 1
        return room + (1 - min(max(value, 0.0), 1.0)) * (self.height() - 2 * room)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_scale(painter)
        if self._bands is not None:
            self._paint_bands(painter, self._bands)
        self._paint_numbers(painter)
        if self._score is not None:
            self._paint_score(painter, self._score)
        if self._value is not None:
            self._paint_value(painter, self._value)
        painter.end()

    @property
    def _number_width(self) -> int:
        return self.fontMetrics().horizontalAdvance("0.000")

    @property
    def _scale(self) -> QRectF:
        left, top = self._number_width + 2 * _MARK, self.y_of(1)
        return QRectF(left, top, _SCALE_WIDTH, self.y_of(0) - top)

    def _paint_scale(self, painter: QPainter) -> None:
        scale, theme = self._scale, self._icons.theme
        gradient = QLinearGradient(scale.bottomLeft(), scale.topLeft())
        for stop in range(_STOPS + 1):
            gradient.setColorAt(stop / _STOPS, colour_of(stop / _STOPS))
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.setBrush(gradient)
        painter.drawRoundedRect(scale, 3, 3)

    def _paint_bands(self, painter: QPainter, bands: Bands) -> None:
        look_again, reject = min(bands.look_again_above, bands.reject_above), bands.reject_above
        parts: tuple[tuple[Band, float, float], ...] = (
            ("ok", 0.0, look_again), ("look_again", look_again, reject), ("ng", reject, 1.0)
        )  # fmt: skip
        left = self._scale.right() + space(1)
        for verdict, low, high in parts:
            top, bottom = self.y_of(high), self.y_of(low)
            if bottom - top < 2:
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._icons.theme.color(BANDS[verdict].tone))
            painter.drawRoundedRect(QRectF(left, top + 1, _BAND_WIDTH, bottom - top - 2), 2, 2)
            if bottom - top >= self.fontMetrics().height():
                painter.setPen(self._icons.theme.color("text"))
                at = QRectF(left + _BAND_WIDTH + space(1), top, self.width(), bottom - top)
                painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, BANDS[verdict].word)

    def _paint_numbers(self, painter: QPainter) -> None:
        """The ends of the scale and of the bands, as far as there is room for them."""
        bands = self._bands
        lines = (bands.reject_above, bands.look_again_above) if bands is not None else ()
        levels = [self._value, self._score, *lines, 0.0, 1.0]
        height = self.fontMetrics().height()
        taken: list[float] = []
        for level in levels:
            if level is None or any(abs(self.y_of(level) - y) < height for y in taken):
                continue
            y = self.y_of(level)
            taken.append(y)
            is_end = level in (0.0, 1.0)
            is_met = level in (self._score, self._value)
            painter.setPen(self._icons.theme.color("text" if is_met else "text_dim"))
            at = QRectF(0, y - height / 2, self._number_width, height)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(at, right, f"{level:.0f}" if is_end else score_words(level))

    def _paint_score(self, painter: QPainter, score: float) -> None:
        tip = QPointF(self._scale.left() - 1, self.y_of(score))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._icons.theme.color("text"))
        back = QPointF(-_MARK, _MARK * 0.7), QPointF(-_MARK, -_MARK * 0.7)
        painter.drawPolygon(QPolygonF([tip, tip + back[0], tip + back[1]]))

    def _paint_value(self, painter: QPainter, value: float) -> None:
        y = self.y_of(value)
        for color, width in ((Qt.GlobalColor.black, 4.0), (Qt.GlobalColor.white, 2.0)):
            painter.setPen(QPen(color, width))
            painter.drawLine(QPointF(self._scale.left(), y), QPointF(self._scale.right(), y))

    def _tell(self) -> None:
        """To those who cannot see it, too."""
        parts = ["Colours of the map, from 0 to 1"]
        if self._bands is not None:
            look_again, reject = self._bands.look_again_above, self._bands.reject_above
            parts.append(f"look again above {score_words(look_again)}, rejected above {score_words(reject)}")
        if self._score is not None:
            parts.append(f"this photo: {score_words(self._score)}")
        self.setAccessibleName("; ".join(parts))
        self.update()
