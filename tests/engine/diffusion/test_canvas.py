from collections.abc import Callable

import numpy as np
import pytest

from engine.diffusion.canvas import ROUNDS, BoxTask, Canvas, PaperCanvas, ProductCanvas, waves
from engine.diffusion.compositing import Fill, inside_box, is_grey
from engine.diffusion.loaded import LoadedEmbedding, load_embedding
from engine.diffusion.quality import Change
from engine.geometry import Box, Size, Window, box_window
from engine.protocol import GenerateSettings
from tests.engine.diffusion.ready_project import ROTATED, UPRIGHT, pixels, write_embedding
from tests.engine.diffusion.tiny_backbones import build

WHOLE = Window(0, 0, 104, 72)
MakeCanvas = Callable[..., Canvas]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedEmbedding:
    root = tmp_path_factory.mktemp("project")
    return load_embedding(write_embedding(root, build("embedded", root / "backbone")), root)


@pytest.fixture
def canvas_of(loaded: LoadedEmbedding) -> MakeCanvas:
    def make(
        *boxes: Box,
        kind: type[Canvas] = ProductCanvas,
        photo: np.ndarray | None = None,
        details: bool = True,
    ) -> Canvas:
        image = pixels(0) if photo is None else photo
        return kind(image.copy(), boxes, 11, loaded, GenerateSettings(candidates=2, details=details))

    return make


class Drawn:
    """What a filling has drawn: every crop brighter by as much."""

    def __init__(self, tasks: list[BoxTask], change: float) -> None:
        self._tasks, self._change = tasks, np.float32(change)

    def fill(self, row: int) -> Fill:
        reference = self._tasks[row].crop.astype(np.float32)
        return Fill(reference + self._change, reference)

    def generated(self, row: int) -> np.ndarray:
        return self.fill(row).generated


def draw(canvas: Canvas, change: float = 40.0) -> None:
    """Draw all that can be drawn now, and advance."""
    tasks = canvas.pending()
    drawn = Drawn(tasks, change)
    for row, task in enumerate(tasks):
        canvas.take(task, drawn, row)  # type: ignore[arg-type]
    canvas.advance()


# --- the order of boxes ----------------------------------------------------------------------------------


def box_at(x: float) -> Box:
    return Box(center_x=x, center_y=36, width=20, height=20)


def test_boxes_that_overlap_are_drawn_one_after_the_other() -> None:
    assert waves(()) == []
    assert waves((box_at(20), box_at(60))) == [[0, 1]]
    assert waves((box_at(20), box_at(30), box_at(60), box_at(35))) == [[0, 2], [1], [3]]


def test_a_box_sees_those_that_it_overlaps_filled(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(box_at(30), box_at(40), box_at(80))
    before = canvas.image.copy()
    assert [task.index for task in canvas.tasks] == [0, 2]
    draw(canvas)
    assert [task.index for task in canvas.tasks] == [1]
    np.testing.assert_array_equal(before[:, :20], canvas.image[:, :20])
    window = canvas.tasks[0].window
    assert (before[window.slices()] != canvas.image[window.slices()]).any()
    draw(canvas)
    assert canvas.is_finished


# --- a canvas of the product profile ---------------------------------------------------------------------


def test_only_the_boxes_change_and_are_in_the_mask(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT, ROTATED)
    photo = canvas.image.copy()
    draw(canvas)
    expected = inside_box(UPRIGHT, WHOLE) | inside_box(ROTATED, WHOLE)
    np.testing.assert_array_equal(canvas.mask, expected)
    np.testing.assert_array_equal(canvas.image[~expected], photo[~expected])
    assert (canvas.image[expected] != photo[expected]).any(axis=1).mean() > 0.8
    assert len(canvas.fingerprints) == 2
    assert canvas.flags == ()


def test_a_region_is_the_crop_with_its_box_and_seeds_of_its_own(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT, ROTATED)
    first, second = (canvas.region(task) for task in canvas.pending())
    assert first.image.shape == (32, 32, 3)
    assert first.mask.mean() == pytest.approx(
        24 * 16 / 48**2, rel=0.1
    )  # the crop is twice as wide as the box
    seeds = {*first.seeds, *second.seeds}
    draw(canvas, change=0)
    seeds |= {seed for task in canvas.pending() for seed in canvas.region(task).seeds}
    assert len(seeds) == 8


def test_a_box_in_which_nothing_changes_is_drawn_again_and_then_flagged(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT)
    photo = canvas.image.copy()
    for _ in range(ROUNDS):
        assert not canvas.is_finished
        draw(canvas, change=0)
    assert canvas.is_finished
    assert canvas.flags == ("nothing_changed",)
    np.testing.assert_array_equal(canvas.image, photo)
    assert canvas.mask.any()


def test_of_several_attempts_the_one_that_changes_most_is_kept() -> None:
    task = BoxTask(0, WHOLE, pixels(0), np.ones((2, 2), bool), np.ones((2, 2), np.float32))
    fills = [Fill(np.full((2, 2, 3), level), np.zeros((2, 2, 3))) for level in (1.0, 2.0, 3.0)]
    for fill, change in zip(fills, (Change(0.0, 2.0), Change(0.01, 1.0), Change(0.01, 0.5)), strict=True):
        assert not task.is_done
        task.take(fill, change)
    assert task.is_done
    assert not task.is_changed
    assert task.fill is fills[1]


def test_what_is_done_is_counted(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(box_at(30), box_at(40), box_at(80))
    assert (canvas.count, canvas.count_done) == (3, 0)
    draw(canvas)
    assert (canvas.count, canvas.count_done) == (3, 2)
    draw(canvas)
    assert (canvas.count, canvas.count_done) == (3, 3)


def test_a_wave_waits_for_all_of_its_boxes(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT, ROTATED)
    photo, (first, second) = canvas.image.copy(), canvas.pending()
    canvas.take(first, Drawn([first], 40), 0)  # type: ignore[arg-type]
    canvas.advance()
    assert canvas.pending() == [second]
    np.testing.assert_array_equal(canvas.image, photo)


def test_a_photo_without_colour_stays_without(canvas_of: MakeCanvas) -> None:
    grey = np.repeat(pixels(0)[..., :1], 3, axis=2)
    canvas = canvas_of(UPRIGHT, photo=grey)
    assert canvas.is_grey
    draw(canvas)
    assert is_grey(canvas.image)


def test_one_coloured_pixel_makes_a_colour_photo() -> None:
    photo = np.full((1100, 8, 3), 90, np.uint8)
    assert is_grey(photo)
    photo[1050, 3, 2] = 91
    assert not is_grey(photo)


# --- a canvas of the paper profile -----------------------------------------------------------------------


def test_the_paper_s_canvas_is_the_whole_photo_redrawn(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT, ROTATED, kind=PaperCanvas)
    photo = canvas.image.copy()
    (task,) = canvas.pending()
    assert task.crop.shape == (32, 32, 3)
    assert canvas.region(task).mask.sum() == pytest.approx((384 + 420) / (104 * 72) * 1024, rel=0.15)
    assert len(canvas.region(task).seeds) == 1
    draw(canvas)
    assert canvas.is_finished
    assert canvas.image.shape == photo.shape
    assert (canvas.image != photo).any(axis=2).mean() > 0.9
    np.testing.assert_array_equal(canvas.mask, inside_box(UPRIGHT, WHOLE) | inside_box(ROTATED, WHOLE))
    assert "changed_outside" in canvas.flags


def test_the_paper_s_canvas_is_drawn_once_whatever_comes_out(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(UPRIGHT, kind=PaperCanvas, photo=np.repeat(pixels(0)[..., :1], 3, axis=2))
    draw(canvas, change=0)
    assert canvas.is_finished
    assert canvas.flags == ("nothing_changed", "changed_outside")
    assert is_grey(canvas.image)


# --- what is shown while a box is drawn --------------------------------------------------------------------


def test_a_picture_shows_the_box_as_it_would_become_and_changes_nothing(canvas_of: MakeCanvas) -> None:
    """But for the details, which take longer than a picture that may still change is worth."""
    canvas = canvas_of(ROTATED, UPRIGHT, details=False)
    task = canvas.tasks[1]
    before = canvas.image.copy()
    picture, box = canvas.picture(task, Drawn(canvas.tasks, 40.0).fill(1))
    np.testing.assert_array_equal(canvas.image, before)
    assert box == UPRIGHT
    draw(canvas)
    np.testing.assert_array_equal(picture, canvas.image[box_window(UPRIGHT, Size(104, 72)).slices()])


def test_the_paper_s_picture_is_of_the_whole_photo(canvas_of: MakeCanvas) -> None:
    canvas = canvas_of(ROTATED, UPRIGHT, kind=PaperCanvas)
    picture, box = canvas.picture(canvas.tasks[0], Drawn(canvas.tasks, 0.0).fill(0))
    assert box == Box.from_bounds(0, 0, 104, 72)
    assert picture.shape == (72, 104, 3)
    assert np.abs(picture.astype(int) - canvas.image).mean() < 12  # through 32×32 pixels and back


# --- details ---------------------------------------------------------------------------------------------


def test_details_make_another_sample_in_the_same_place(canvas_of: MakeCanvas) -> None:
    fine, soft = canvas_of(ROTATED), canvas_of(ROTATED, details=False)
    for canvas in (fine, soft):
        draw(canvas)
    assert (fine.image != soft.image).any()
    np.testing.assert_array_equal(fine.mask, soft.mask)
    np.testing.assert_array_equal(fine.image[~fine.mask], soft.image[~soft.mask])


def test_details_of_a_box_do_not_depend_on_the_order_of_boxes(canvas_of: MakeCanvas) -> None:
    """Boxes that are near, but do not overlap: neither takes what is drawn into the other for the photo."""
    first, second = box_at(30), box_at(52)
    images = []
    for boxes in ((first, second), (second, first)):
        canvas = canvas_of(*boxes)
        draw(canvas)
        images.append(canvas.image)
    np.testing.assert_array_equal(*images)
