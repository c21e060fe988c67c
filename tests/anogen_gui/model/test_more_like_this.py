"""From missed photos to a plan for boxes."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from anogen_gui.model.more_like_this import MissedPlan, plan_more, settings_of
from anogen_gui.model.project_model import ProjectModel
from engine.errors import EngineError
from engine.geometry import BoxRange
from engine.project import Photo, Project
from engine.protocol import ScatterSettings
from tests.anogen_gui.scripted_client import ScriptedClient
from tests.engine.project.product import HEIGHT, WIDTH, write_embedding

CRACKED = [f"photos/test/crack/00{number}.png" for number in range(4)]


@pytest.fixture
def opened(product: Project, qtbot: QtBot) -> Iterator[ProjectModel]:
    """Four tests of 'crack' with masks, and no embedding."""
    model = ProjectModel(product, ScriptedClient())
    yield model
    model.close()


def paint(product: Project, path: str, rows: slice, columns: slice) -> Photo:
    """Give a photo a mask of one rectangle."""
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[rows, columns] = True
    product.set_mask(photo_at(product, path), mask)
    return photo_at(product, path)


def photo_at(product: Project, path: str) -> Photo:
    return next(photo for photo in product.photos() if photo.path == path)


def test_class_size_and_place_come_from_the_masks(product: Project) -> None:
    first = paint(product, CRACKED[0], slice(0, 10), slice(0, 12))
    second = paint(product, CRACKED[1], slice(HEIGHT - 10, HEIGHT), slice(WIDTH - 12, WIDTH))
    plan = plan_more(product, [first, second])
    assert (plan.anomaly, plan.photos, plan.left_out) == ("crack", (first.path, second.path), ())
    assert [(place.photo, place.x, place.y) for place in plan.places] == [
        (first.path, pytest.approx(6 / WIDTH), pytest.approx(5 / HEIGHT)),
        (second.path, pytest.approx(1 - 6 / WIDTH), pytest.approx(1 - 5 / HEIGHT)),
    ]
    long_side = max(WIDTH, HEIGHT)
    assert plan.settings.width_from < 100 * 12 * 1.2 / long_side < plan.settings.width_to  # type: ignore[operator]
    assert plan.title == "More like 2 photos: 2 missed"
    assert plan_more(product, [first]).title == "More like 000: 1 missed"


def test_without_a_mask_boxes_lie_anywhere_and_that_is_said(product: Project) -> None:
    photo = photo_at(product, CRACKED[0])
    product.clear_mask(photo)
    plan = plan_more(product, [photo_at(product, CRACKED[0])])
    assert (plan.photos, plan.places, plan.settings) == ((photo.path,), (), ScatterSettings())
    assert "There is no mask" in plan.explanation
    assert plan.around(3) == ()
    assert plan.origins(0, 2) == (photo.path, photo.path)
    masked = paint(product, CRACKED[1], slice(0, 10), slice(0, 12))
    both = plan_more(product, [photo_at(product, CRACKED[0]), masked])
    assert both.photos == (masked.path,)
    assert both.left_out == ("1 photo without a mask left out.",)


def test_most_photos_decide_the_class_and_without_one_there_is_no_plan(product: Project) -> None:
    cracked = [photo_at(product, path) for path in CRACKED[:2]]
    normal = next(photo for photo in product.photos("test") if not photo.anomaly)
    assert plan_more(product, [normal, *cracked]).left_out == ("1 photo of another class left out.",)
    with pytest.raises(EngineError, match="not known which anomaly"):
        plan_more(product, [normal])


def test_places_and_origins_take_turns(product: Project) -> None:
    first = paint(product, CRACKED[0], slice(0, 10), slice(0, 12))
    second = paint(product, CRACKED[1], slice(HEIGHT - 10, HEIGHT), slice(WIDTH - 12, WIDTH))
    plan = plan_more(product, [first, second])
    assert plan.around(0) == plan.around(2) == tuple(reversed(plan.around(1)))
    assert plan.origins(1, 3) == (second.path, first.path, second.path)


def test_a_range_fills_the_form() -> None:
    found = settings_of(BoxRange(width=(0.1, 0.25), height=(0.0512, 0.06), angle_deg=(-10.0, 20.0)))
    assert found == ScatterSettings(
        width_from=10, width_to=25, height_from=5.1, height_to=6, angle_from=-10, angle_to=20
    )


def test_the_plan_stays_until_it_is_dismissed(opened: ProjectModel, qtbot: QtBot) -> None:
    opened.project.record(write_embedding(opened.folder))
    opened.anomalies.reload()
    more = opened.more_like_this
    with qtbot.waitSignals([more.changed, more.planned], order="strict"):
        more.ask(CRACKED[:1])
    assert isinstance(more.plan, MissedPlan)
    qtbot.waitUntil(lambda: not more.is_busy)
    with qtbot.waitSignal(more.changed) as changed:
        more.dismiss()
    assert changed.args == [None]
    assert more.plan is None
    with qtbot.assertNotEmitted(more.changed):
        more.dismiss()


def test_a_class_without_an_embedding_leads_to_learning(opened: ProjectModel, qtbot: QtBot) -> None:
    more = opened.more_like_this
    with qtbot.waitSignal(more.learn_needed) as needed, qtbot.assertNotEmitted(more.planned):
        more.ask(CRACKED[:1])
    assert needed.args[0] == "crack"
    assert "has no embedding yet" in needed.args[1]
    assert more.plan is None
    qtbot.waitUntil(lambda: not more.is_busy)


def test_what_is_not_in_the_project_cannot_be_made_more_of(opened: ProjectModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opened.more_like_this.failed) as failed:
        opened.more_like_this.ask(["/elsewhere/new.png"])
    assert "not in the project" in failed.args[0]


def test_what_is_read_when_the_project_closes_is_waited_for(product: Project, qtbot: QtBot) -> None:
    model = ProjectModel(product, ScriptedClient())
    model.more_like_this.ask(CRACKED)
    model.close()
    assert model.more_like_this.plan is None
