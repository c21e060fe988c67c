"""How the scores of test photos are drawn: good ones upwards, bad ones downwards, with the bands behind them."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from anogen_gui.ui.course.curves import Axis, tick_texts
from anogen_gui.ui.inspect.verdict_words import BANDS, score_words
from anogen_gui.ui.palettes import Theme, space
from engine.reporting.facts import Band, Bands
from engine.reporting.scores import Scores, histogram

_BINS = 48
_GRIP = QRectF(-6, -9, 12, 18)
_LEAST_BAR = 1.5  # pixels: a single photo is seen, however many the others are


@dataclass(frozen=True)
class Bars:
    """How many good and bad photos are in each of the bins between `edges`."""

    edges: tuple[float, ...] = ()
    good: tuple[int, ...] = ()
    bad: tuple[int, ...] = ()

    @classmethod
    def of(cls, scores: Scores, low: float, high: float) -> "Bars":
        edges = tuple(low + (high - low) * place / _BINS for place in range(_BINS + 1))
        return cls(edges, histogram(scores.good, edges), histogram(scores.bad, edges))

    @property
    def most(self) -> int:
        return max((*self.good, *self.bad), default=0)


@dataclass(frozen=True)
class Area:
    """Where on the widget the scores lie: `plot` from `low` to `high`, half of it above the middle line."""

    plot: QRectF
    low: float
    high: float

    def x(self, score: float) -> float:
        return self.plot.left() + self.plot.width() * (score - self.low) / (self.high - self.low)

    def score(self, x: float) -> float:
        """The score at a place, within the range."""
        share = (x - self.plot.left()) / self.plot.width()
        return self.low + (self.high - self.low) * min(max(share, 0.0), 1.0)

    @property
    def middle(self) -> float:
        return self.plot.center().y()


class ScoreDrawing:
    """One painting of the plot, part by part."""

    def __init__(self, painter: QPainter, theme: Theme, area: Area) -> None:
        self._painter, self._theme, self._area = painter, theme, area
        self._metrics = QFontMetricsF(painter.font())

    def draw_bands(self, bands: Bands | None) -> None:
        """The three bands as grounds, each with its word where there is room for it."""
        plot = self._area.plot
        if bands is None:
            self._painter.fillRect(plot, self._theme.color("surface_sunken"))
            return
        ends = [
            plot.left(), self._area.x(bands.look_again_above), self._area.x(bands.reject_above), plot.right(),
        ]  # fmt: skip
        order: tuple[Band, ...] = ("ok", "look_again", "ng")
        for band, left, right in zip(order, ends, ends[1:], strict=False):
            words = BANDS[band]
            ground = QRectF(left, plot.top(), max(0.0, right - left), plot.height())
            self._painter.fillRect(ground, self._theme.color(f"{words.tone}_soft"))
            if self._metrics.horizontalAdvance(words.word) + space(2) < ground.width():
                line = QRectF(left, 0, ground.width(), self._metrics.height())
                self._text(line, words.word, Qt.AlignmentFlag.AlignHCenter, words.tone)

    def draw_bars(self, bars: Bars, is_log: bool) -> None:
        """Good photos as full bars above the middle, bad ones as hatched bars below."""
        most = bars.most
        for place, (good, bad) in enumerate(zip(bars.good, bars.bad, strict=True)):
            left, right = (self._area.x(bars.edges[place + step]) for step in (0, 1))
            if good:
                height = self._height(good, most, is_log)
                bar = QRectF(left, self._area.middle - height, right - left - 1, height)
                self._painter.fillRect(bar, self._theme.color("good"))
            if bad:
                self._draw_hatched(
                    QRectF(left, self._area.middle, right - left - 1, self._height(bad, most, is_log))
                )
        self._painter.setPen(QPen(self._theme.color("text_dim"), 1))
        plot = self._area.plot
        self._painter.drawLine(QLineF(plot.left(), self._area.middle, plot.right(), self._area.middle))

    def draw_axis(self) -> None:
        """Round scores below the plot."""
        plot, line = self._area.plot, self._metrics.height()
        ticks = Axis(self._area.low, self._area.high).ticks(max(2, int(plot.width() / 64)))
        for tick, text in zip(ticks, tick_texts(ticks), strict=True):
            width = self._metrics.horizontalAdvance(text)
            left = min(max(self._area.x(tick) - width / 2, plot.left()), plot.right() - width)
            box = QRectF(left, plot.bottom() + space(1), width + 1, line)
            self._text(box, text, Qt.AlignmentFlag.AlignLeft, "text_dim")

    def draw_halves(self, scores: Scores, bands: Bands | None) -> None:
        """What the two halves are: at the left, or at the right where a line begins at the left."""
        plot, line = self._area.plot, self._metrics.height()
        words = (f"Good  {len(scores.good)}", f"Bad  {len(scores.bad)}")
        taken = plot.left() + max(self._metrics.horizontalAdvance(word) for word in words) + space(3)
        lines = (bands.look_again_above, bands.reject_above) if bands is not None else ()
        is_left = all(self._area.x(score) > taken for score in lines)
        side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        upper = QRectF(plot.left() + space(1), plot.top() + 2, plot.width() - space(2), line)
        for box, word in zip((upper, upper.translated(0, plot.height() - line - 4)), words, strict=True):
            self._text(box, word, side, "text")

    def draw_line(self, score: float, band: Band, is_held: bool) -> None:
        """The line from which on a band begins, with its grip: at the top to reject, at the bottom to look again."""
        plot, x = self._area.plot, self._area.x(score)
        is_reject = band == "ng"
        color = self._theme.color(BANDS[band].tone)
        pen = QPen(color, 2.5 if is_held else 2, Qt.PenStyle.SolidLine if is_reject else Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))
        y = plot.top() + 12 if is_reject else plot.bottom() - 12
        grip = _GRIP.translated(x, y)
        self._painter.setPen(QPen(self._theme.color("focus" if is_held else "surface"), 2))
        self._painter.setBrush(color)
        self._painter.drawRoundedRect(grip, 4, 4)
        self._painter.setPen(QPen(self._theme.color("surface"), 1))
        for offset in (-2.0, 2.0):
            self._painter.drawLine(QLineF(x + offset, y - 4, x + offset, y + 4))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_held:
            self._draw_value(x, y, score, color)

    def _draw_value(self, x: float, y: float, score: float, color: QColor) -> None:
        """Beside the grip, on the side where there is room."""
        text, line = score_words(score), self._metrics.height()
        width = self._metrics.horizontalAdvance(text) + space(2)
        left = x + 10 if x + 10 + width < self._area.plot.right() else x - 10 - width
        box = QRectF(left, y - line / 2 - 1, width, line + 2)
        self._painter.setPen(QPen(color, 1))
        self._painter.setBrush(self._theme.color("surface_raised"))
        self._painter.drawRoundedRect(box, 4, 4)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._text(box, text, Qt.AlignmentFlag.AlignHCenter, "text")

    def draw_message(self, text: str) -> None:
        """In the middle of an empty plot."""
        self._text(self._area.plot, text, Qt.AlignmentFlag.AlignHCenter, "text_dim")

    def draw_focus(self, outer: QRectF) -> None:
        self._painter.setPen(QPen(self._theme.color("focus"), 2))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(outer.adjusted(1, 1, -1, -1), 4, 4)

    def _height(self, count: int, most: int, is_log: bool) -> float:
        share = math.log1p(count) / math.log1p(most) if is_log else count / most
        return max(_LEAST_BAR, share * (self._area.plot.height() / 2 - self._metrics.height() - space(1)))

    def _draw_hatched(self, bar: QRectF) -> None:
        color = self._theme.color("bad")
        ground = QColor(color)
        ground.setAlphaF(0.28)
        self._painter.fillRect(bar, ground)
        self._painter.setPen(QPen(color, 1))
        self._painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
        self._painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _text(self, box: QRectF, text: str, side: Qt.AlignmentFlag, role: str) -> None:
        self._painter.setPen(self._theme.color(role))
        self._painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), text)
