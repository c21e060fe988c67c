"""The plot paints what it is given."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.loss_plot import LossCurves, LossPlot

EVALUATIONS = tuple((float(step), 1.0 / step) for step in range(10, 210, 10))
LOSSES = tuple((float(step), 2.0 / step) for step in range(1, 200))


@pytest.fixture
def plot(icons: Icons, qtbot: QtBot) -> LossPlot:
    made = LossPlot(icons)
    qtbot.addWidget(made)
    made.resize(600, 240)
    return made


def picture(plot: LossPlot) -> QImage:
    return plot.grab().toImage()


def count(image: QImage, color: QColor) -> int:
    wanted = color.rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_the_line_and_its_best_are_painted(plot: LossPlot, icons: Icons) -> None:
    empty = picture(plot)
    assert count(empty, icons.theme.color("accent")) == 0
    plot.show_curves(LossCurves(evaluations=EVALUATIONS))
    drawn = picture(plot)
    assert count(drawn, icons.theme.color("accent")) > 200
    assert count(drawn, icons.theme.color("good")) > 5
    assert plot.accessibleDescription() == "Best 0.005 at step 200, last 0.005"


def test_a_logarithmic_axis_looks_different(plot: LossPlot) -> None:
    plot.show_curves(LossCurves(LOSSES, EVALUATIONS))
    before = picture(plot)
    plot.show_log(True)
    assert picture(plot) != before


def test_a_step_is_marked(plot: LossPlot, icons: Icons) -> None:
    plot.show_curves(LossCurves(losses=LOSSES))
    assert count(picture(plot), icons.theme.color("accent")) == 0
    plot.mark_step(100)
    assert count(picture(plot), icons.theme.color("accent")) > 20
    plot.mark_step(None)
    assert count(picture(plot), icons.theme.color("accent")) == 0


def test_the_pointer_tells_values(plot: LossPlot, qtbot: QtBot) -> None:
    plot.show_curves(LossCurves(LOSSES, EVALUATIONS))
    plot.show()
    before = picture(plot)
    qtbot.mouseMove(plot, QPoint(300, 100))
    qtbot.waitUntil(lambda: picture(plot) != before)


def test_one_point_and_values_without_a_logarithm_are_painted(plot: LossPlot) -> None:
    plot.show_log(True)
    for curves in (LossCurves(evaluations=((10.0, 0.5),)), LossCurves(losses=((1.0, 0.0), (2.0, -1.0)))):
        plot.show_curves(curves)
        assert not picture(plot).isNull()


def test_a_very_small_plot_is_painted(plot: LossPlot) -> None:
    plot.show_curves(LossCurves(LOSSES, EVALUATIONS))
    plot.resize(60, 30)
    assert not picture(plot).isNull()
