"""The scores of good and bad test photos, and the two lines that say what is looked at again and what is rejected."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from anogen_gui.model.bands import moved
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.score_drawing import Area, Bars, ScoreDrawing
from anogen_gui.ui.inspect.verdict_words import score_words
from anogen_gui.ui.palettes import space
from engine.reporting.facts import Bands
from engine.reporting.scores import Scores

Line = Literal["look_again", "reject"]

_NEAR = 9  # pixels from a line within which it is taken
_STEPS = 200  # that the range has for the arrow keys
_LARGE = 10  # such steps with Shift
_MARGIN = 3  # beside the plot
_EMPTY = "No test photos yet"


class ScorePlot(QWidget):
    """A histogram whose lines are dragged, or moved by keys: Up and Down choose a line, Left and Right move it.

    Signals:
        bands_tried(bands): while a line is moved.
        bands_chosen(bands): it was let go.
    """

    bands_tried = Signal(object)
    bands_chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._scores = Scores()
        self._bands: Bands | None = None
        self._bars = Bars()
        self._range = (0.0, 1.0)
        self._is_log = False
        self._line: Line = "reject"
        self._is_moving = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scores and thresholds")
        self.setToolTip("Drag a line, or move it with Left and Right; Up and Down choose the line")
        icons.theme_changed.connect(lambda: self.update())

    def show_scores(self, scores: Scores) -> None:
        if scores != self._scores:
            self._scores = scores
            self._fit()

    def show_bands(self, bands: Bands | None) -> None:
        if bands != self._bands:
            self._bands = bands
            self._tell()
            self.update() if self._is_moving else self._fit()

    def show_log(self, is_log: bool) -> None:
        """Make few photos seen beside many."""
        self._is_log = is_log
        self.update()

    @property
    def line(self) -> Line:
        """The one that keys move."""
        return self._line

    def place_of(self, line: Line) -> QPointF:
        """Where the grip of a line is. Only with bands."""
        assert self._bands is not None
        area = self._area()
        is_reject = line == "reject"
        score = self._bands.reject_above if is_reject else self._bands.look_again_above
        return QPointF(area.x(score), area.plot.top() + 12 if is_reject else area.plot.bottom() - 12)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's names from here on
        return QSize(300, 190)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(220, 190)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small_font())
        drawing = ScoreDrawing(painter, self._icons.theme, self._area())
        drawing.draw_bands(self._bands)
        if self._scores == Scores():
            drawing.draw_message(_EMPTY)
        else:
            drawing.draw_bars(self._bars, self._is_log)
            drawing.draw_axis()
            drawing.draw_halves(self._scores, self._bands)
        if self._bands is not None:
            is_held = self._is_moving or self.hasFocus()
            drawing.draw_line(
                self._bands.look_again_above, "look_again", is_held and self._line == "look_again"
            )
            drawing.draw_line(self._bands.reject_above, "ng", is_held and self._line == "reject")
        if self.hasFocus():
            drawing.draw_focus(QRectF(self.rect()))
        painter.end()

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton or self._bands is None:
            return
        line = self._line_at(event.position())
        if line is not None:
            self._line, self._is_moving = line, True
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._is_moving:
            self._try(self._area().score(event.position().x()))
        near = self._is_moving or self._line_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._let_go()

    # --- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        low, high = self._range
        step = (
            (high - low) / _STEPS * (_LARGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        )
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if self._bands is not None:
                now = self._bands.reject_above if self._line == "reject" else self._bands.look_again_above
                self._is_moving = True
                wanted = now + (step if event.key() == Qt.Key.Key_Right else -step)
                self._try(min(max(wanted, low), high))
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._line = "reject" if event.key() == Qt.Key.Key_Up else "look_again"
                self._tell()
                self.update()
            case _:
                event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.isAutoRepeat():
            self._let_go()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._let_go()
        self.update()

    # --- the rest

    def _try(self, score: float) -> None:
        assert self._bands is not None
        self.show_bands(moved(self._bands, self._line, score))
        self.bands_tried.emit(self._bands)

    def _let_go(self) -> None:
        if self._is_moving:
            self._is_moving = False
            self.bands_chosen.emit(self._bands)
            self._fit()

    def _line_at(self, point: QPointF) -> Line | None:
        """The nearer line; of two at one place the one whose grip is in that half."""
        if self._bands is None:
            return None
        lines: list[Line] = ["reject", "look_again"]
        if point.y() > self._area().middle:
            lines.reverse()
        nearest = min(lines, key=lambda line: abs(self.place_of(line).x() - point.x()))
        return nearest if abs(self.place_of(nearest).x() - point.x()) <= _NEAR else None

    def _fit(self) -> None:
        """Show all scores and both lines."""
        low, high = self._scores.range
        if self._bands is not None:
            low, high = min(low, self._bands.look_again_above), max(high, self._bands.reject_above)
        self._range = (low, high)
        self._bars = Bars.of(self._scores, low, high)
        self.update()

    def _area(self) -> Area:
        line = QFontMetricsF(self._small_font()).height()
        outer = QRectF(self.rect())
        plot = outer.adjusted(_MARGIN, line + space(1), -_MARGIN, -line - space(1) - _MARGIN)
        return Area(plot, *self._range)

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._icons.theme.font_small)
        return font

    def _tell(self) -> None:
        if self._bands is None:
            self.setAccessibleDescription("No threshold is set")
            return
        again, reject = score_words(self._bands.look_again_above), score_words(self._bands.reject_above)
        chosen = "reject" if self._line == "reject" else "look again"
        self.setAccessibleDescription(f"Look again above {again}, reject above {reject}. Chosen: {chosen}.")
