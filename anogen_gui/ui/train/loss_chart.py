"""The loss of a training over its steps, drawn by pyqtgraph: zoom by wheel, move by dragging."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from anogen_gui.ui.course.curves import Axis, Point, lowest, thinned_and_smoothed, tick_texts
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.palettes import Theme

_TICK_ROOM = 30  # pixels between two ticks of the losses, at least


class LossChart(QWidget):
    """Each step's loss, raw or smoothed, and the loss on the same photos each time, whose best value is marked."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._losses: tuple[Point, ...] = ()
        self._evaluations: tuple[Point, ...] = ()
        self._thinned: list[Point] = []
        self._smoothed: list[Point] = []
        self._is_log, self._is_smooth = False, True
        self.plot = pg.PlotWidget(axisItems={"left": _LossAxis("left")})
        self._raw = self.plot.plot(pen=None, symbol="o", symbolSize=3, symbolPen=None)
        self._steps = self.plot.plot()
        self._measured = self.plot.plot()
        self._best = self.plot.plot(pen=None, symbol="o", symbolSize=11)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setAccessibleName("Loss over the steps")
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._set_up()
        self._paint(icons.theme)
        icons.theme_changed.connect(self._paint)

    @property
    def best(self) -> Point | None:
        """The lowest loss on the same photos each time, else of the smoothed steps, and its step."""
        return lowest(self._evaluations) or lowest(self._smoothed)

    def show_losses(self, losses: tuple[Point, ...], evaluations: tuple[Point, ...]) -> None:
        """Draw these, (step, loss)."""
        if (losses, evaluations) == (self._losses, self._evaluations):
            return
        is_other = losses[: len(self._losses)] != self._losses
        self._losses, self._evaluations = losses, evaluations
        self._thinned, self._smoothed = thinned_and_smoothed(losses)
        self._draw()
        if is_other:
            self.plot.autoRange()
            self.plot.enableAutoRange()

    def show_log(self, is_log: bool) -> None:
        """Draw the losses on a logarithmic axis, or on an even one."""
        self._is_log = is_log
        self.plot.setLogMode(y=is_log)
        self._draw()
        self.plot.enableAutoRange()

    def show_smooth(self, is_smooth: bool) -> None:
        """Draw the steps as their moving average, or from each to the next."""
        self._is_smooth = is_smooth
        self._draw()

    def drawn_steps(self) -> list[Point]:
        """The line of the steps as it is drawn."""
        return self._smoothed if self._is_smooth else self._thinned

    def _draw(self) -> None:
        _set_points(self._raw, self._thinned if self._is_smooth else [], self._is_log)
        _set_points(self._steps, self.drawn_steps(), self._is_log)
        _set_points(self._measured, self._evaluations, self._is_log)
        best = self.best
        _set_points(self._best, [best] if best is not None else [], self._is_log)
        last = self._evaluations[-1][1] if self._evaluations else math.nan
        self.setAccessibleDescription(
            f"Best {best[1]:.3g} at step {best[0]:.0f}, last {last:.3g}" if best is not None else ""
        )

    def _set_up(self) -> None:
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setLimits(xMin=0)
        item.showGrid(x=False, y=True, alpha=0.16)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)

    def _paint(self, theme: Theme) -> None:
        """The colours and fonts of the theme."""
        self.plot.setBackground(theme.surface)
        font = QFont(self.font())
        font.setPixelSize(theme.font_small)
        for side in ("left", "bottom"):
            axis = self.plot.getPlotItem().getAxis(side)
            axis.setPen(pg.mkPen(theme.border_strong))
            axis.setTextPen(pg.mkPen(theme.text_dim))
            axis.setTickFont(font)
        faint = theme.color("text_dim")
        faint.setAlphaF(0.35)
        self._raw.setSymbolBrush(faint)
        self._steps.setPen(pg.mkPen(theme.text_dim, width=1.5, style=Qt.PenStyle.DashLine))
        self._measured.setPen(pg.mkPen(theme.accent, width=2))
        self._best.setSymbolPen(pg.mkPen(theme.good, width=2))
        self._best.setSymbolBrush(theme.color("surface"))


class _LossAxis(pg.AxisItem):
    """Round values that do not come too close to each other, also where the axis is logarithmic."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N802
        """One level of ticks for an axis of `size` pixels; in log mode `low`, `high` and ticks are powers of ten."""
        if high <= low:
            return []
        most = max(2, int(size / _TICK_ROOM))
        if not self.logMode:
            return [(high - low, Axis(low, high).ticks(most))]
        ticks = Axis(10.0**low, 10.0**high, is_log=True).ticks(most)
        return [(high - low, [math.log10(tick) for tick in ticks if tick > 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # noqa: N802
        return tick_texts([10.0**value if self.logMode else value for value in values])


def _set_points(curve: pg.PlotDataItem, points: Sequence[Point], is_log: bool) -> None:
    """What is not above 0 has no place on a logarithmic axis."""
    shown = [point for point in points if point[1] > 0 or not is_log]
    curve.setData([step for step, _ in shown], [loss for _, loss in shown])
