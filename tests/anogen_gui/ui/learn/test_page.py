"""The page as a person uses it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.import_dialog import ImportDialog
from anogen_gui.ui.learn.page import LearnPage
from engine.project import Project
from engine.protocol import ImportEmbeddingJob, KeepStepJob, LearnJob, LearnSettings, Started, Warned
from tests.anogen_gui.model.learning_runs import (
    RUN,
    choose_supports,
    embedding_event,
    learn_job,
    learning_events,
    write_run,
)
from tests.anogen_gui.ui.learn.conftest import Window

Make = Callable[[], Window]


def start(make_window: Make, product: Project, until: int = 60) -> Window:
    """A window in which learning has come to a step."""
    choose_supports(product)
    window = make_window()
    window.page.show()
    window.card.learn.click()
    window.engine.play(*learning_events(window.folder, until))
    return window


def finish(window: Window) -> None:
    window.engine.play(embedding_event(window.folder))
    window.engine.finish("done")


def test_without_a_class_it_leads_to_the_photos(icons: Icons, thumbnails: Thumbnails, qtbot: QtBot) -> None:
    page = LearnPage(icons, thumbnails)
    qtbot.addWidget(page)
    assert page.cards() == ()
    with qtbot.waitSignal(page.page_requested) as asked:
        page.empty.button.click()
    assert asked.args == ["photos"]


def test_a_class_without_support_photos_says_why(make_window: Make, qtbot: QtBot) -> None:
    window = make_window()  # all its photos are tests
    window.page.show()
    assert not window.card.learn.isEnabled()
    assert "no bad photo" in window.card.reason
    with qtbot.waitSignal(window.page.page_requested) as asked:
        window.card.paint.click()
    assert asked.args == ["photos"]


def test_learn_uses_the_settings_of_the_form(make_window: Make, product: Project) -> None:
    choose_supports(product)
    window = make_window()
    window.card.form.set_value(LearnSettings(steps=42))
    window.card.learn.click()
    job = window.engine.last_job
    assert isinstance(job, LearnJob)
    assert job.settings.steps == 42
    assert not window.card.learn.isEnabled()


def test_new_embeddings_are_learned_on_the_usual_backbone(
    icons: Icons, thumbnails: Thumbnails, product: Project, make_window: Make, qtbot: QtBot
) -> None:
    window = make_window()
    page = LearnPage(icons, thumbnails, backbone="somebody/large")
    qtbot.addWidget(page)
    page.show_project(window.project)
    assert [card.settings().backbone for card in page.cards()] == ["somebody/large"]
    page.show_project(None)


def test_while_it_learns_it_shows_how_far_it_is(make_window: Make, product: Project) -> None:
    window = start(make_window, product)
    progress = window.card.run.progress
    assert progress.texts == ("Learning: step 60 of 100", "about 40 seconds left")
    assert progress.keep.isEnabled()
    assert len(window.card.run.strip.steps()) == 3
    progress.keep.click()
    assert window.engine.kept == [window.engine.last_id]
    assert not progress.keep.isEnabled()
    assert progress.texts[0].startswith("Stopping")


def test_before_the_first_step_there_is_nothing_to_keep(make_window: Make, product: Project) -> None:
    choose_supports(product)
    window = make_window()
    window.page.show()
    window.card.learn.click()
    assert not window.card.run.progress.keep.isVisible()
    window.engine.play(Started(title="Learning"))
    assert window.card.run.progress.keep.isVisible()
    assert not window.card.run.progress.keep.isEnabled()
    window.card.run.progress.cancel.click()
    assert window.engine.cancelled == [window.engine.last_id]


def test_a_step_of_the_strip_is_used(make_window: Make, product: Project, qtbot: QtBot) -> None:
    window = start(make_window, product)
    strip, use = window.card.run.strip, window.card.run.use
    qtbot.mouseClick(strip.columns(), Qt.MouseButton.LeftButton, pos=strip.columns().box_of(40).center())
    assert not use.isEnabled()  # while it learns
    finish(window)
    assert use.isEnabled()
    assert use.text() == "Use step 40"
    use.click()
    job = window.engine.last_job
    assert isinstance(job, KeepStepJob)
    assert job.step == 40
    window.engine.play(embedding_event(window.folder, f"{RUN}-000040", 40))
    window.engine.finish("done")
    assert not use.isEnabled()
    chosen = [row.embedding.name for row in window.card.embeddings.rows() if row.choice.isChecked()]
    assert chosen == [f"{RUN}-000040"]


def test_another_embedding_is_chosen(make_window: Make, product: Project) -> None:
    window = start(make_window, product)
    finish(window)
    window.card.run.step_used.emit(40)
    window.engine.play(embedding_event(window.folder, f"{RUN}-000040", 40))
    window.engine.finish("done")
    older = window.card.embeddings.rows()[1]
    older.choice.click()
    row = window.project.anomalies.embedding_in_use("crack")
    assert row is not None
    assert row.name == older.embedding.name == RUN


def test_the_next_step_is_to_place_boxes(make_window: Make, product: Project, qtbot: QtBot) -> None:
    window = start(make_window, product)
    assert not window.page.next_step.isVisible()
    finish(window)
    assert window.page.next_step.isVisible()
    with qtbot.waitSignal(window.page.page_requested) as asked:
        window.page.next_step.place.click()
    assert asked.args == ["place"]


def test_an_interrupted_run_says_where_it_goes_on(make_window: Make, product: Project) -> None:
    choose_supports(product)
    settings = LearnSettings(steps=100)
    write_run(product, learn_job(product, settings), outcome="interrupted", checkpoint=25)
    window = make_window()
    window.page.show()
    assert window.card.learn.text() == "Go on from step 25"
    assert window.card.start_over.isVisible()
    window.card.form.set_value(LearnSettings(steps=101))
    window.card.form.value_changed.emit(window.card.form.value())
    assert window.card.learn.text() == "Learn"
    assert not window.card.start_over.isVisible()


def test_an_error_stands_in_place_with_hint_and_details(make_window: Make, product: Project) -> None:
    window = start(make_window, product)
    window.engine.play(Warned(message="One good photo is left out."))
    window.engine.finish("failed", "The disk is full.", "Make room. See `anogen gc`.", "Traceback")
    run = window.card.run
    assert run.problem.message == "The disk is full."
    assert run.warnings.message == "One good photo is left out."
    assert run.problem.accessibleName() == "The disk is full. Make room."


def test_a_note_is_dismissed(make_window: Make, product: Project) -> None:
    choose_supports(product)
    window = make_window()
    window.page.show()
    window.card.learn.click()
    window.engine.finish("failed", "There is no backbone.", "Choose another one.")
    assert window.card.note.message == "There is no backbone."
    window.card.note.dismissed.emit()
    assert window.card.note.message == ""


def test_an_earlier_run_is_looked_at(make_window: Make, product: Project) -> None:
    choose_supports(product)
    write_run(product, learn_job(product, LearnSettings(steps=100)), "crack-first", (10,))
    write_run(product, learn_job(product, LearnSettings(steps=7)), "crack-second", (5,))
    window = make_window()
    window.page.show()
    assert window.card.run.strip.steps() == [5]
    window.card.run.runs.set_value("crack-first")
    assert window.card.run.strip.steps() == [10]


def test_an_embedding_is_imported(make_window: Make, tmp_path: Path) -> None:
    window = make_window()
    window.page.show()
    dialog = window.page.import_file("crack", tmp_path / "embeddings.pt")
    assert isinstance(dialog, ImportDialog)
    dialog.backbone_field.set_value("")
    assert not dialog.accept_button.isEnabled()
    dialog.backbone_field.set_value("CompVis/ldm-text2im-large-256")
    dialog.accept_button.click()
    job = window.engine.last_job
    assert isinstance(job, ImportEmbeddingJob)
    assert (job.anomaly, job.backbone) == ("crack", "CompVis/ldm-text2im-large-256")


def test_a_card_for_each_class(make_window: Make, product: Project) -> None:
    window = make_window()
    assert window.project.anomalies.add("scratch")
    assert [card.title.text() for card in window.page.cards()] == ["crack", "scratch"]
    assert window.project.anomalies.rename("crack", "fissure")
    assert [card.title.text() for card in window.page.cards()] == ["fissure", "scratch"]
    window.project.history.stack.undo()
    window.project.history.stack.undo()
    assert [card.title.text() for card in window.page.cards()] == ["crack"]


def test_another_project_takes_the_place_of_the_first(make_window: Make, product: Project) -> None:
    window = make_window()
    window.page.show_project(None)
    assert window.page.cards() == ()
    assert window.page.model is None
    window.page.show_project(window.project)
    assert len(window.page.cards()) == 1


def test_tab_goes_through_the_page_as_it_is_read(make_window: Make, product: Project) -> None:
    window = start(make_window, product)
    finish(window)
    card = window.card
    row = card.embeddings.rows()[0]
    wanted = [
        card.bring_in,
        *card.supports.tiles(),
        card.learn,
        row.choice,
        card.run.runs,
        card.run.strip.columns(),
        card.run.use,
        window.page.next_step.place,
    ]
    chain, widget = [], card.bring_in
    for _ in range(200):
        chain.append(widget)
        widget = widget.nextInFocusChain()
    places = [chain.index(each) for each in wanted]
    assert places == sorted(places)
