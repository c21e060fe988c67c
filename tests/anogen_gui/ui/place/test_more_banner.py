"""The banner of what was missed, on the page Place."""

import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.more_like_this import MissedPlan
from anogen_gui.model.place import PlaceModel
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.ui.place.page import PlacePage
from engine.protocol import BoxesProposed, GenerateJob, ScatterJob, ScatterSettings
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.anogen_gui.ui.place.conftest import BOX, PHOTOS

MISSED = "photos/test/crack/000.png"


@pytest.fixture
def plan(page: PlacePage, model: PlaceModel, project: ProjectModel, qtbot: QtBot) -> MissedPlan:
    """The page while boxes are placed for a missed crack; 'hole' was drawn before."""
    model.use_anomaly("hole")
    with qtbot.waitSignal(project.more_like_this.planned):
        project.more_like_this.ask([MISSED])
    qtbot.waitUntil(lambda: not project.more_like_this.is_busy)
    assert project.more_like_this.plan is not None
    return project.more_like_this.plan


def test_without_a_plan_there_is_no_banner(page: PlacePage) -> None:
    assert page.banner.isHidden()


def test_class_and_fields_are_filled_in(page: PlacePage, model: PlaceModel, plan: MissedPlan) -> None:
    assert page.banner.isVisible()
    assert page.banner.title.text() == "More like 000: 1 missed"
    assert model.state.anomaly == "crack"
    assert page.scatter.form.value() == plan.settings != ScatterSettings()


def test_a_page_that_is_shown_later_has_the_plan(
    page: PlacePage, plan: MissedPlan, project: ProjectModel
) -> None:
    page.show_project(None)
    assert page.banner.isHidden()
    page.show_project(project)
    assert page.banner.isVisible()
    assert page.scatter.form.value() == plan.settings


def test_boxes_on_all_photos_and_samples_of_them_say_what_they_are_for(
    page: PlacePage, plan: MissedPlan, project: ProjectModel, engine: ScriptedClient
) -> None:
    page.banner.start.click()
    assert not page.banner.start.isEnabled()
    for path in PHOTOS:
        assert isinstance(engine.last_job, ScatterJob)
        assert (engine.last_job.photo, engine.last_job.settings) == (path, plan.settings)
        engine.play(BoxesProposed(photo=path, boxes=(BOX,)))
        engine.finish()
    assert [project.boxes.on(path)[0].origin for path in PHOTOS] == [MISSED] * 4
    assert page.generate.scope.value == "all"
    page.generate.generate()
    (job,) = [row.job for row in project.project.queued() if isinstance(row.job, GenerateJob)]
    assert {placement.origin for placement in job.placements} == {MISSED}


def test_boxes_of_another_class_are_for_no_photo(
    page: PlacePage, plan: MissedPlan, model: PlaceModel, engine: ScriptedClient
) -> None:
    model.use_anomaly("hole")
    page.scatter.scatter()
    assert isinstance(engine.last_job, ScatterJob)
    assert engine.last_job.around == ()


def test_it_can_be_dismissed(page: PlacePage, plan: MissedPlan, project: ProjectModel) -> None:
    page.banner.close_button.click()
    assert page.banner.isHidden()
    assert page.scatter.form.value() == ScatterSettings()
    assert project.more_like_this.plan is None
