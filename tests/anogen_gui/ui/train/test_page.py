"""The page as a person uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.theme import DARK, LIGHT, ThemeModel
from anogen_gui.ui.train.page import TrainPage
from anogen_gui.ui.train.run_columns import COLUMNS, NAME
from engine.project import Project
from engine.protocol import CompareRunsJob, EvaluateRunJob, TrainJob, TrainSettings
from tests.anogen_gui.model.training_runs import (
    detector_event,
    train_job,
    training_events,
    write_comparison,
    write_figures,
    write_training,
)
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.train.conftest import Window

RUN, OTHER = "draem-anogen-light-1", "draem-baseline-light-1"
Make = Callable[[], Window]


def start(make_window: Make, until: int = 50) -> Window:
    """A window in which training has come to a step."""
    window = make_window()
    window.page.settings.train.click()
    window.engine.play(*training_events(window.project.folder, RUN, until))
    return window


def two(project: Project) -> None:
    """A measured training with samples, and one without that is not measured."""
    write_training(project, train_job(project, recipe="baseline"), OTHER, steps=25)
    write_training(project, train_job(project, seed=7), RUN)
    write_figures(project, RUN)


def column(window: Window, title: str) -> list[str]:
    place = [each.title.replace("\n", " ") for each in COLUMNS].index(title)
    return window.page.table.texts(place)


# --- the form


def test_without_photos_it_leads_to_them(
    tmp_path: Path, icons: Icons, thumbnails: Thumbnails, qtbot: QtBot
) -> None:
    with Project.create(tmp_path / "empty") as project:
        model = ProjectModel(project, ScriptedClient())
        page = TrainPage(icons, thumbnails)
        qtbot.addWidget(page)
        page.show_project(model)
        page.show()
        with qtbot.waitSignal(page.page_requested) as asked:
            page.no_photos.button.click()
        assert asked.args == ["photos"]
        page.show_project(None)
        model.close()


def test_the_form_says_what_it_learns_from(make_window: Make) -> None:
    settings = make_window().page.settings
    assert settings.words.startswith("Learns from 4 good photos")
    assert "2 accepted samples; drawn textures." in settings.words
    settings.form.field("recipe").set_value("baseline")
    assert "no samples" in settings.words
    assert settings.takes_all.isHidden()


def test_samples_without_a_verdict_can_be_taken(make_window: Make) -> None:
    window = make_window()
    assert "1 sample without a verdict" in window.page.settings.takes_all.text()
    window.page.settings.takes_all.click()
    assert "2 accepted samples and 1 without a verdict" in window.page.settings.words
    window.page.settings.train.click()
    job = window.engine.last_job
    assert isinstance(job, TrainJob)
    assert len(job.samples) == 3


def test_judging_a_sample_changes_what_it_learns_from(make_window: Make) -> None:
    window = make_window()
    undecided = [sample.id for sample in window.project.samples.all() if sample.verdict == "undecided"]
    window.project.samples.set_verdict(undecided, "accepted")
    assert "3 accepted samples" in window.page.settings.words


def test_what_changes_while_another_page_is_shown_is_seen_later(make_window: Make) -> None:
    window = make_window()
    window.page.hide()
    undecided = [sample.id for sample in window.project.samples.all() if sample.verdict == "undecided"]
    window.project.samples.set_verdict(undecided, "accepted")
    assert "2 accepted samples" in window.page.settings.words
    window.page.show()
    assert "3 accepted samples" in window.page.settings.words


def test_destseg_asks_for_its_teacher(make_window: Make, tmp_path: Path) -> None:
    settings = make_window().page.settings
    assert settings.teacher.isHidden() or not settings.teacher.isVisible()
    settings.form.field("detector").set_value("destseg")
    assert settings.teacher.isVisible()
    assert "ResNet-18" in settings.reason
    assert not settings.train.isEnabled()
    settings.teacher.set_value(str(tmp_path))
    assert "There is no config.json and no model.safetensors" in settings.reason
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).touch()
    settings.teacher.set_value("")
    settings.teacher.set_value(str(tmp_path))
    assert settings.train.isEnabled()


def test_textures_come_from_a_folder_that_is_there(make_window: Make, tmp_path: Path) -> None:
    window = make_window()
    settings = window.page.settings
    settings.textures.set_value(str(tmp_path / "nowhere"))
    assert "There is no folder" in settings.reason
    settings.textures.set_value(str(tmp_path))
    assert "textures from the folder" in settings.words
    settings.train.click()
    job = window.engine.last_job
    assert isinstance(job, TrainJob)
    assert job.settings.textures == str(tmp_path)


def test_all_settings_of_the_form_reach_the_job(make_window: Make, qtbot: QtBot) -> None:
    window = make_window()
    wanted = TrainSettings(recipe="baseline", preset="paper", seed=5, steps=9, batch_size=4, side=64)
    window.page.settings.show_settings(wanted)
    assert window.page.settings.settings() == wanted
    qtbot.keyClick(window.page.settings.form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    job = window.engine.last_job
    assert isinstance(job, TrainJob)
    assert job.settings == wanted


def test_what_is_trained_already_can_be_trained_again(make_window: Make, product: Project) -> None:
    write_training(product, train_job(product, recipe="baseline"), OTHER)
    window = make_window()
    window.page.settings.train.click()  # its settings are those of the last training
    assert "already" in window.page.settings.note.message
    assert window.engine.submitted == []
    window.page.settings.again.click()
    job = window.engine.last_job
    assert isinstance(job, TrainJob)
    assert job.again


def test_a_paused_queue_can_be_resumed_here(make_window: Make) -> None:
    window = make_window()
    window.project.queue.pause()
    window.page.settings.train.click()
    assert window.page.settings.resume.isVisible()
    window.page.settings.resume.click()
    assert window.engine.owed
    assert not window.page.settings.resume.isVisible()


# --- a training that runs


def test_a_running_training_shows_how_far_it_is(make_window: Make) -> None:
    window = start(make_window)
    run = window.page.run
    assert run.isVisible()
    assert run.progress.texts == ("Training: step 50 of 100", "about 50 seconds left")
    assert run.strip.steps() == [25, 50]
    assert run.chart.best == (50, 1 / 50)
    assert column(window, "State") == ["Training"]
    run.progress.keep.click()
    assert window.engine.kept == [window.engine.last_id]


def test_a_cancelled_training_goes_on(make_window: Make, qtbot: QtBot) -> None:
    window = start(make_window)
    window.page.run.progress.cancel.click()
    window.engine.finish("cancelled")
    assert column(window, "State") == ["Cancelled"]
    assert window.page.run.go_on.isVisible()
    qtbot.keyClick(window.page.table, Qt.Key.Key_G)
    assert window.engine.owed
    assert not window.page.run.go_on.isVisible()


def test_a_trained_detector_is_inspected(make_window: Make, qtbot: QtBot) -> None:
    window = start(make_window)
    assert not window.page.run.inspect.isVisible()
    window.engine.play(detector_event(window.project.folder, RUN))
    window.engine.finish("done")
    with qtbot.waitSignal(window.page.item_requested) as asked:
        window.page.run.inspect.click()
    assert asked.args == ["inspect", RUN]


# --- the table


def test_the_table_tells_of_all_trainings(make_window: Make, product: Project) -> None:
    two(product)
    window = make_window()
    assert column(window, "Training") == [RUN, OTHER]
    assert column(window, "Detector") == ["DRAEM", "DRAEM"]
    assert column(window, "Recipe") == ["anogen", "baseline"]
    assert column(window, "Seed") == ["7", "0"]
    assert column(window, "Steps") == ["50", "25"]
    assert column(window, "Samples") == ["3", "none"]
    assert column(window, "Image AUROC") == ["0.900", "–"]
    assert column(window, "AUPRO") == ["–", "–"]
    assert "0.800 to 0.950" in window.page.table.model().index(0, 8).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(("title", "first"), [("Steps", OTHER), ("Seed", OTHER), ("Image AUROC", OTHER)])
def test_any_column_sorts(make_window: Make, product: Project, title: str, first: str) -> None:
    two(product)
    window = make_window()
    chosen = window.page.table.chosen_ids()
    place = [each.title.replace("\n", " ") for each in COLUMNS].index(title)
    window.page.table.sortByColumn(place, Qt.SortOrder.AscendingOrder)
    assert column(window, "Training")[0] == first
    assert window.page.table.chosen_ids() == chosen
    window.page.table.sortByColumn(place, Qt.SortOrder.DescendingOrder)
    assert column(window, "Training")[1] == first


def test_arrows_look_at_another_training(make_window: Make, product: Project, qtbot: QtBot) -> None:
    two(product)
    window = make_window()
    window.page.table.setFocus()
    qtbot.keyClick(window.page.table, Qt.Key.Key_Down)
    assert window.page.model is not None
    assert [training.name for training in window.page.model.chosen] == [OTHER]
    assert window.page.run.strip.steps() == [25]


def test_a_name_is_typed_in_place(make_window: Make, product: Project, qtbot: QtBot) -> None:
    two(product)
    window = make_window()
    window.page.bar.edit.click()
    editor = window.page.table.findChild(QLineEdit)
    assert editor is not None
    editor.setText("With cracks")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page.table.texts(NAME) == ["With cracks", OTHER])
    window.project.history.stack.undo()
    assert window.page.table.texts(NAME) == [RUN, OTHER]


def test_deleting_offers_to_bring_it_back(make_window: Make, product: Project, qtbot: QtBot) -> None:
    two(product)
    window = make_window()
    with qtbot.waitSignal(window.page.noticed) as told:
        qtbot.keyClick(window.page.table, Qt.Key.Key_Delete)
    assert window.page.table.texts(NAME) == [OTHER]
    (notice,) = told.args
    notice.act()
    assert window.page.table.texts(NAME) == [RUN, OTHER]


def test_measuring_is_asked_for_with_a_key(make_window: Make, product: Project, qtbot: QtBot) -> None:
    two(product)
    window = make_window()
    window.page.table.selectRow(1)
    assert window.page.bar.measure.text() == "Measure"
    qtbot.keyClick(window.page.table, Qt.Key.Key_M)
    job = window.engine.last_job
    assert isinstance(job, EvaluateRunJob)
    assert job.run == OTHER
    assert column(window, "Image AP") == ["0.800", "…"]
    assert not window.page.bar.measure.isEnabled()


# --- comparing


def test_two_are_compared_and_the_conclusion_is_told_in_words(make_window: Make, product: Project) -> None:
    two(product)
    window = make_window()
    assert not window.page.bar.compare.isEnabled()
    window.page.table.selectAll()
    assert window.page.comparison.isVisible()
    assert window.page.comparison.verdict == ""
    window.page.comparison.empty.button.click()
    assert isinstance(window.engine.last_job, CompareRunsJob)
    assert window.page.comparison.busy.isVisible()
    write_comparison(product, OTHER, RUN)
    window.engine.finish("done")
    assert window.page.comparison.verdict.startswith(f"It helped: “{RUN}” is better than “{OTHER}”")
    shown = [row for row in window.page.comparison.rows if row.conclusion.isVisible()]
    assert [row.name for row in shown] == ["image AUROC", "image AP", "image F1", "pixel AUROC", "pixel AP"]
    assert {row.conclusion.text for row in shown} == {"Helped"}
    assert shown[0].difference.text() == "+0.100"


@pytest.mark.parametrize(("more", "said"), [(-0.1, "It hurt"), (0.0, "No measurable change")])
def test_a_comparison_that_is_kept_is_shown_at_once(
    make_window: Make, product: Project, more: float, said: str
) -> None:
    two(product)
    write_comparison(product, OTHER, RUN, more)
    window = make_window()
    window.page.table.selectAll()
    assert window.page.comparison.verdict.startswith(said)


# --- looks


def test_another_project_takes_the_place_of_this_one(make_window: Make, product: Project) -> None:
    two(product)
    window = make_window()
    window.page.show_project(None)
    assert window.page.model is None
    window.page.show_project(window.project)
    assert window.page.table.texts(NAME) == [RUN, OTHER]


def test_the_plot_follows_the_theme(make_window: Make, product: Project, theme_model: ThemeModel) -> None:
    two(product)
    plot = make_window().page.run.chart.plot
    assert plot.backgroundBrush().color() == LIGHT.color("surface")
    theme_model.choice = "dark"
    assert plot.backgroundBrush().color() == DARK.color("surface")
