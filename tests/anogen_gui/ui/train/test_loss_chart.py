"""What the plot of losses draws."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.ui.icons import Icons
from anogen_gui.ui.train.loss_chart import LossChart

LOSSES = tuple((float(step), 1 / step + (0.5 if step % 2 else 0.0)) for step in range(1, 101))
EVALUATIONS = ((25.0, 0.6), (50.0, 0.2), (75.0, 0.3))


@pytest.fixture
def chart(icons: Icons, qtbot: QtBot) -> LossChart:
    made = LossChart(icons)
    qtbot.addWidget(made)
    made.resize(600, 240)
    made.show()
    return made


def heights(chart: LossChart) -> list[float]:
    """Of the points that are drawn, as they lie on the axis."""
    items = chart.plot.getPlotItem().listDataItems()
    return [float(y) for item in items for y in (item.getData()[1] if item.getData()[1] is not None else ())]


def test_the_best_is_that_of_the_same_photos_each_time(chart: LossChart) -> None:
    chart.show_losses(LOSSES, EVALUATIONS)
    assert chart.best == (50.0, 0.2)
    assert "Best 0.2 at step 50, last 0.3" in chart.accessibleDescription()


def test_before_the_first_evaluation_it_is_that_of_the_smoothed_steps(chart: LossChart) -> None:
    chart.show_losses(LOSSES, ())
    assert chart.best is not None
    assert min(loss for _, loss in LOSSES) < chart.best[1] < max(loss for _, loss in LOSSES)


def test_without_losses_there_is_no_best(chart: LossChart) -> None:
    chart.show_losses((), ())
    assert chart.best is None
    assert chart.accessibleDescription() == ""


def test_smoothing_can_be_turned_off(chart: LossChart) -> None:
    chart.show_losses(LOSSES, EVALUATIONS)
    smooth = [loss for _, loss in chart.drawn_steps()]
    chart.show_smooth(False)
    rough = [loss for _, loss in chart.drawn_steps()]
    assert rough == [loss for _, loss in LOSSES]
    assert max(smooth[20:]) - min(smooth[20:]) < max(rough[20:]) - min(rough[20:])


def test_on_a_logarithmic_axis_losses_are_powers_of_ten(chart: LossChart) -> None:
    chart.show_losses((), ((25.0, 0.1), (50.0, 0.01), (75.0, 0.0)))  # 0 has no logarithm
    chart.show_log(True)
    assert sorted(set(heights(chart))) == pytest.approx([-2.0, -1.0])
    chart.show_log(False)
    assert 0.0 in heights(chart)


@pytest.mark.parametrize("is_log", [False, True])
def test_ticks_are_round_and_apart(chart: LossChart, is_log: bool) -> None:
    axis = chart.plot.getPlotItem().getAxis("left")
    axis.setLogMode(y=is_log)
    low, high = (-0.7, 0.2) if is_log else (0.2, 1.6)
    ((_, ticks),) = axis.tickValues(low, high, 120.0)
    assert 2 <= len(ticks) <= 4
    assert all(low <= tick <= high for tick in ticks)
    assert all(len(text) <= 4 for text in axis.tickStrings(ticks, 1.0, 1.0))
    assert axis.tickValues(1.0, 1.0, 120.0) == []
