"""The filters above the samples, and the line below them."""

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from anogen_gui.model.curate import CurateModel, Selection
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.sample_filter import SampleFilter
from anogen_gui.model.tally import VerdictCounts
from anogen_gui.ui.curate.filter_bar import FilterBar
from anogen_gui.ui.curate.footer import Footer
from anogen_gui.ui.icons import Icons
from tests.anogen_gui.sample_rows import record_sample


@pytest.fixture
def bar(qtbot: QtBot, icons: Icons, model: CurateModel, project_model: ProjectModel) -> FilterBar:
    bar = FilterBar(icons)
    qtbot.addWidget(bar)
    bar.bind(model, project_model)
    bar.show()
    return bar


@pytest.fixture
def footer(qtbot: QtBot, icons: Icons, model: CurateModel) -> Footer:
    footer = Footer(icons)
    qtbot.addWidget(footer)
    footer.bind(model)
    footer.show()
    return footer


def tabs(bar: FilterBar) -> list[str]:
    return [button.text() for button in bar.tabs.findChildren(QPushButton)]


def test_each_verdict_has_its_number(bar: FilterBar, project_model: ProjectModel) -> None:
    project_model.samples.set_verdict([1, 2], "accepted")
    project_model.samples.set_verdict([3], "rejected")
    assert tabs(bar) == ["All  6", "Undecided  3", "Accepted  2", "Rejected  1"]
    assert bar.flagged.text() == "Flagged  2"


def test_a_tab_shows_the_samples_of_a_verdict(bar: FilterBar, model: CurateModel) -> None:
    bar.tabs.set_value("accepted")
    assert model.filter == SampleFilter(verdict="accepted")
    bar.tabs.set_value(None)
    assert model.filter == SampleFilter()


def test_flagged_samples_are_one_click_away(bar: FilterBar, model: CurateModel) -> None:
    bar.flagged.click()
    assert model.visible == (6, 5)
    bar.flagged.click()
    assert len(model.visible) == 6


def test_every_box_filters(bar: FilterBar, model: CurateModel) -> None:
    bar.more.click()
    for box, index, wanted in (
        (bar.anomaly, 1, SampleFilter(anomaly="burnt")),
        (bar.embedding, 2, SampleFilter(embedding="embeddings/crack/first.safetensors")),
        (bar.run, 2, SampleFilter(run="run1")),
        (bar.flag, 1, SampleFilter(flag="any")),
        (bar.flag, 4, SampleFilter(flag="near_duplicate")),
        (bar.stars, 3, SampleFilter(least_stars=3)),
    ):
        box.setCurrentIndex(index)
        assert model.filter == wanted
        box.setCurrentIndex(0)
        assert model.filter == SampleFilter()


def test_boxes_say_how_many_samples_there_are(bar: FilterBar) -> None:
    assert [bar.anomaly.itemText(index) for index in range(3)] == ["Any class", "burnt (2)", "crack (4)"]
    assert bar.run.itemText(2).endswith("· crack (4)")


def test_a_list_that_is_opened_knows_what_came_meanwhile(
    qtbot: QtBot, bar: FilterBar, project_model: ProjectModel
) -> None:
    record_sample(project_model.project, "new", "dent")
    project_model.samples.refresh("samples/dent/run1/new.png")
    bar.more.click()
    bar.anomaly.showPopup()
    assert bar.anomaly.itemText(3) == "dent (1)"
    bar.anomaly.hidePopup()


def test_a_filter_that_is_set_elsewhere_is_shown(bar: FilterBar, model: CurateModel) -> None:
    model.set_filter(SampleFilter(verdict="rejected", anomaly="crack", flag="any", least_stars=2))
    model.set_sorting("stars")
    assert bar.tabs.value == "rejected"
    assert (bar.anomaly.value, bar.flag.value, bar.stars.value) == ("crack", "any", 2)
    assert bar.sorting.value == "stars"
    assert bar.flagged.isChecked()
    assert bar.more.text() == "Filter  2"


def test_all_can_be_cleared(bar: FilterBar, model: CurateModel) -> None:
    model.set_filter(SampleFilter(verdict="rejected", anomaly="crack", least_stars=2))
    bar.more.click()
    bar.clear.click()
    assert model.filter == SampleFilter()


def test_the_order_can_be_chosen(bar: FilterBar, model: CurateModel) -> None:
    bar.sorting.setCurrentIndex(1)
    assert model.visible == (1, 2, 3, 4, 5, 6)


def test_the_line_below_says_how_many_are_seen_and_chosen(footer: Footer, model: CurateModel) -> None:
    assert footer.seen.text() == "6 samples"
    model.select(Selection(1, frozenset((1, 2, 3))))
    assert footer.seen.text() == "6 samples, 3 chosen"
    model.set_filter(SampleFilter(anomaly="burnt"))
    assert footer.seen.text() == "2 samples"


def test_it_says_what_has_changed_and_mends_it(
    footer: Footer, model: CurateModel, project_model: ProjectModel
) -> None:
    assert not footer.button.isVisible()
    model.set_filter(SampleFilter(verdict="undecided"))
    model.judge("accepted")
    assert (footer.news.text(), footer.button.text()) == ("1 no longer matches the filter", "Refresh")
    record_sample(project_model.project, "new")
    project_model.samples.refresh("samples/crack/run1/new.png")
    assert footer.news.text() == "1 new sample  ·  1 no longer matches the filter"
    footer.button.click()
    assert model.visible == (7, 5, 4, 3, 2, 1)
    assert not footer.button.isVisible()


def test_its_height_does_not_change(footer: Footer, model: CurateModel) -> None:
    before = footer.height()
    model.set_filter(SampleFilter(verdict="undecided"))
    model.judge("accepted")
    assert footer.sizeHint().height() <= before == footer.height()


def test_in_a_small_window_there_are_two_lines_and_nothing_is_cut_off(bar: FilterBar) -> None:
    bar.tabs.show_counts(VerdictCounts(accepted=5000, rejected=3000, undecided=2000))
    QApplication.processEvents()
    lines = []
    for width in (1144, 800):
        bar.resize(width, bar.heightForWidth(width))
        QApplication.processEvents()
        lines.append(len({widget.y() for widget in (bar.tabs, bar.more, bar.sorting)}))
        for button in bar.findChildren(QPushButton):
            assert not button.isVisible() or button.width() >= button.sizeHint().width()
    assert lines == [1, 2]


def test_samples_can_be_filtered_by_the_photo_that_they_were_made_for(
    bar: FilterBar, model: CurateModel, project_model: ProjectModel
) -> None:
    bar.more.click()
    assert bar.origin.isHidden()
    number = record_sample(project_model.project, "made", origin="photos/test/crack/003.png")
    project_model.samples.reload()
    bar.show_choices()
    assert bar.origin.isVisible()
    bar.origin.setCurrentIndex(1)
    assert bar.origin.currentText() == "Made for 003 (1)"
    assert model.visible == (number,)
    bar.clear.click()
    assert bar.origin.currentIndex() == 0
