"""The arithmetic of plots of losses: smoothing, ranges and ticks. It paints nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_MOST_POINTS = 600
_SPAN = 12  # steps that the smoothed line averages over, at least
_SPAN_SHARE = 0.03  # … and as a share of all steps
_PADDING = 0.06  # of a range, above and below what is drawn
_OUTLIERS = 0.02  # of the raw points, at either end, that may lie outside
_NARROW = 0.7  # decades; a logarithmic axis that spans fewer has evenly spaced ticks
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
_TINY = 1e-4
_LEAST_SPAN = 0.1  # of a linear axis, relative to its values: what hardly changes is to look so


@dataclass(frozen=True)
class Axis:
    """A range of values and where each lies in it: 0 at `low`, 1 at `high`.

    A logarithmic axis has `low` above 0.
    """

    low: float
    high: float
    is_log: bool = False

    def position(self, value: float) -> float:
        """Linear in the value, or in its logarithm; values at or below 0 lie far below a logarithmic axis."""
        if not self.is_log:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return -1.0
        return math.log(value / self.low) / math.log(self.high / self.low)

    def value(self, position: float) -> float:
        """The inverse of `position`."""
        if self.is_log:
            return self.low * (self.high / self.low) ** position
        return self.low + position * (self.high - self.low)

    def ticks(self, most: int) -> list[float]:
        """At most `most` round values on the axis, in rising order."""
        if self.is_log and math.log10(self.high / self.low) >= _NARROW:
            return _log_ticks(self.low, self.high, most)
        return _even_ticks(self.low, self.high, most)


def thinned_and_smoothed(losses: Sequence[Point]) -> tuple[list[Point], list[Point]]:
    """What is drawn of the losses of all steps: no more of them than can be told apart, and their moving average."""
    points = thinned(losses, _MOST_POINTS)
    last = losses[-1][0] if losses else 0
    return points, smoothed(points, max(_SPAN, _SPAN_SHARE * last))


def smoothed(points: Sequence[Point], span: float) -> list[Point]:
    """The moving average over earlier points, weighted by exp(−distance / span): the start is not drawn to zero."""
    result: list[Point] = []
    total = weight = 0.0
    before = points[0][0] if points else 0.0
    for x, y in points:
        decay = math.exp(-(x - before) / span)
        total, weight, before = total * decay + y, weight * decay + 1, x
        result.append((x, total / weight))
    return result


def lowest(points: Sequence[Point]) -> Point | None:
    """The point with the least value, the first of equal ones."""
    return min(points, key=lambda point: point[1], default=None)


def nearest(points: Sequence[Point], x: float) -> Point | None:
    """The point that lies closest to `x`."""
    return min(points, key=lambda point: abs(point[0] - x), default=None)


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most `most` of the points, evenly spread, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    last = len(points) - 1
    return [points[round(index * last / (most - 1))] for index in range(most)]


def value_axis(raw: Sequence[float], lines: Sequence[float], is_log: bool) -> Axis:
    """An axis on which all of `lines` and all of `raw` but a few outliers lie, with room at both ends."""
    values = sorted(value for value in raw if not is_log or value > 0)
    cut = int(len(values) * _OUTLIERS)
    shown = values[cut : len(values) - cut] + [value for value in lines if not is_log or value > 0]
    if not shown:
        return Axis(0.1, 1.0, is_log)
    low, high = min(shown), max(shown)
    if is_log:
        factor = max((high / low) ** _PADDING, 1 + _LEAST_SPAN / 2)
        return Axis(low / factor, high * factor, is_log)
    lacking = max(0.0, _LEAST_SPAN * max(abs(low), abs(high)) - (high - low))
    low, high = low - lacking / 2, high + lacking / 2
    room = (high - low) * _PADDING or 1.0
    return Axis(low - room, high + room)


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """The ticks as short texts; very small ones as powers of ten."""
    is_tiny = any(0 < abs(tick) < _TINY for tick in ticks)
    return [f"{tick:.0e}" if is_tiny and tick else _plain(tick) for tick in ticks]


def _plain(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def _even_ticks(low: float, high: float, most: int) -> list[float]:
    """Multiples of the smallest round step that gives at most `most` of them."""
    rough = (high - low) / max(1, most)
    scale = 10.0 ** math.floor(math.log10(rough))
    for step in (scale * factor for factor in _STEPS):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [index * step for index in range(first, last + 1)]
    return []


def _log_ticks(low: float, high: float, most: int) -> list[float]:
    """Of every decade 1, 2 and 5, else 1 and 3, else 1, else every second, third … power of ten."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for factors in ((1, 2, 5), (1, 3), (1,)):
        ticks = [factor * 10.0**power for power in range(first, last + 1) for factor in factors]
        shown = [tick for tick in ticks if low <= tick <= high]
        if len(shown) <= most:
            return shown
    powers = [power for power in range(first, last + 1) if low <= 10.0**power <= high]
    every = math.ceil(len(powers) / most)
    return [10.0**power for power in powers[::every]]
