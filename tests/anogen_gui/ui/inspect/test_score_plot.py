"""The lines of the histogram, dragged and moved by keys."""

import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.inspect.outcomes_table import OutcomesTable
from anogen_gui.ui.inspect.score_plot import ScorePlot
from engine.reporting.facts import Bands
from engine.reporting.scores import Scores

SCORES = Scores.of([0.0, 0.1, 0.2], [0.5, 0.9, 1.0])
BANDS = Bands(0.3, 0.6)


class Hand:
    """Drags in the plot, and notes what is told."""

    def __init__(self, plot: ScorePlot, qtbot: QtBot) -> None:
        self.plot, self._qtbot = plot, qtbot
        self.tried: list[Bands] = []
        self.chosen: list[Bands] = []
        plot.bands_tried.connect(self.tried.append)
        plot.bands_chosen.connect(self.chosen.append)

    def drag(self, start: QPointF, x: float) -> None:
        at = start.toPoint()
        self._qtbot.mousePress(self.plot, Qt.MouseButton.LeftButton, pos=at)
        for place in (at.x() + 1, round(x)):
            self._qtbot.mouseMove(self.plot, QPoint(place, at.y()))
        self._qtbot.mouseRelease(self.plot, Qt.MouseButton.LeftButton, pos=QPoint(round(x), at.y()))


@pytest.fixture
def plot(icons: Icons, qtbot: QtBot) -> ScorePlot:
    plot = ScorePlot(icons)
    qtbot.addWidget(plot)
    plot.resize(400, 190)
    plot.show_scores(SCORES)
    plot.show_bands(BANDS)
    plot.show()
    return plot


@pytest.fixture
def hand(plot: ScorePlot, qtbot: QtBot) -> Hand:
    return Hand(plot, qtbot)


def test_a_line_is_dragged(plot: ScorePlot, hand: Hand) -> None:
    wanted = (plot.place_of("reject").x() + plot.place_of("look_again").x()) / 2
    hand.drag(plot.place_of("reject"), wanted)
    assert hand.tried
    (chosen,) = hand.chosen
    assert chosen.look_again_above == 0.3
    assert chosen.reject_above == pytest.approx(0.45, abs=0.01)


def test_a_line_pushes_the_other_one(plot: ScorePlot, hand: Hand) -> None:
    hand.drag(plot.place_of("look_again"), plot.place_of("reject").x() + 40)
    (chosen,) = hand.chosen
    assert chosen.look_again_above == chosen.reject_above > 0.65


def test_beside_the_lines_nothing_is_dragged(plot: ScorePlot, hand: Hand) -> None:
    hand.drag(plot.place_of("reject") + QPointF(60, 0), 20)
    assert (hand.tried, hand.chosen) == ([], [])


def test_of_two_lines_at_one_place_the_half_decides(plot: ScorePlot, hand: Hand) -> None:
    plot.show_bands(Bands(0.5, 0.5))
    hand.drag(plot.place_of("look_again"), plot.place_of("look_again").x() - 50)
    assert hand.chosen[0].reject_above == pytest.approx(0.5, abs=0.01)
    assert hand.chosen[0].look_again_above < 0.5


def test_a_line_stays_within_the_scores(plot: ScorePlot, hand: Hand) -> None:
    hand.drag(plot.place_of("reject"), 5000)
    assert 1.0 < hand.chosen[0].reject_above < 1.1


def test_keys_move_the_chosen_line(plot: ScorePlot, hand: Hand, qtbot: QtBot) -> None:
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    first, second = hand.chosen
    assert (first.look_again_above, first.reject_above > 0.6) == (0.3, True)
    assert second.look_again_above == pytest.approx(0.3 - 10 * (first.reject_above - 0.6))
    assert "Chosen: look again" in plot.accessibleDescription()


def test_without_bands_nothing_moves(plot: ScorePlot, hand: Hand, qtbot: QtBot) -> None:
    plot.show_bands(None)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton)
    assert hand.chosen == []
    assert plot.accessibleDescription() == "No threshold is set"


def test_good_and_bad_photos_are_told_apart_without_colour(plot: ScorePlot) -> None:
    """Good ones are drawn above the middle, bad ones below it."""
    image = plot.grab().toImage()
    good, bad = plot._icons.theme.color("good"), plot._icons.theme.color("bad")
    width, middle = image.width(), image.height() // 2
    rows_good = [
        y for y in range(image.height()) if any(image.pixelColor(x, y) == good for x in range(width))
    ]
    assert rows_good
    assert max(rows_good) <= middle + 1
    below = [
        y for y in range(middle + 20, middle + 40) if any(image.pixelColor(x, y) == bad for x in range(width))
    ]
    assert below


def test_ten_thousand_photos_are_counted_and_painted_within_a_frame(plot: ScorePlot, qtbot: QtBot) -> None:
    scores = Scores.of(
        [place / 12_000 for place in range(9_000)], [0.4 + place / 2_000 for place in range(1_000)]
    )
    table = OutcomesTable()
    qtbot.addWidget(table)
    table.show()
    plot.show_scores(scores)
    took = []
    for place in range(20):
        bands = Bands(0.2, 0.3 + place / 100)
        started = time.perf_counter()
        plot.show_bands(bands)
        table.show_outcomes(scores.outcomes(bands))
        plot.grab()
        table.grab()
        took.append(time.perf_counter() - started)
    assert min(took) < 0.016


# --- the table


def test_the_table_tells_rates_with_intervals(icons: Icons, qtbot: QtBot) -> None:
    table = OutcomesTable()
    qtbot.addWidget(table)
    table.show_outcomes(SCORES.outcomes(Bands(0.3, 0.6)))
    caught = table.cells["caught"]
    assert (caught.count.text(), caught.rate.text(), caught.interval.text()) == ("2", "67%", "21–94%")
    assert "2 of 3 bad photos" in caught.toolTip()
    table.show_outcomes(None)
    assert (caught.count.text(), caught.rate.text()) == ("–", "")
