"""The job *preview*: one box, drawn while a person moves it; an earlier drawing first, and rough pictures."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.crops import cut
from engine.diffusion.at_hand import embedding_at, keep_drawing, last_drawing, photo_at
from engine.diffusion.carrying import Drawing
from engine.diffusion.compositing import Fill, box_at_side, composite
from engine.diffusion.details import with_details
from engine.diffusion.filling import Filling, Region, quick_recipe
from engine.diffusion.foreground import size_of
from engine.diffusion.loaded import LoadedEmbedding
from engine.diffusion.preview import LatentColors, jpeg_base64
from engine.geometry import Window, check_boxes, crop_window
from engine.protocol import Event, GenerateSettings, PreviewJob, PreviewReady, Progress

_FEATHER = GenerateSettings().feather
_SHOWN_FROM = 1 / 3  # of the steps: before, nothing can be told yet


def preview(job: PreviewJob) -> Iterator[Event]:
    """Draw one box with few steps, and show the photo within the box's bounds as it becomes. Writes nothing.

    Yields: Progress, of step 0 when all is loaded; PreviewReady: of step 0 the last drawing, carried to the box, then
        rough ones on the way where that one was not better, a good one in the end.
    Raises:
        EngineError: the embedding, its backbone, the photo or the box cannot be used.
    """
    scene = _load(job)
    loaded = scene.loaded
    recipe = quick_recipe(loaded.backbone, job.steps, job.guidance)
    colors = LatentColors(loaded.backbone)
    total = len(recipe.levels)
    yield Progress(step=0, total=total, stage="preview")
    last = last_drawing(scene.drawn_by, job.box)
    if last is not None:
        yield scene.shown(last.carried(job.box, scene.window), 0)
    shows_rough = last is None or last.is_rough
    filling = Filling(loaded.backbone, [scene.region()], loaded.null_context, recipe)
    for step, x0 in enumerate(filling.draw(), start=1):
        yield Progress(step=step, total=total, stage="preview")
        if step == total:
            fine = with_details(filling.fill(0), scene.photo, job.box, scene.window)
            yield scene.drawn(fine, step, is_rough=False)
        elif shows_rough and step >= _SHOWN_FROM * total:
            yield scene.drawn(colors.fill(x0[0], filling.normal[0]), step, is_rough=True)


@dataclass(frozen=True)
class _Scene:
    """What a preview is drawn with, and where: `photo` is (H, W, 3) uint8, `window` the crop that is generated."""

    job: PreviewJob
    loaded: LoadedEmbedding
    photo: np.ndarray
    window: Window

    @property
    def drawn_by(self) -> Hashable:
        """All that makes a drawing what it is, but for its box."""
        return self.loaded.sha256, self.job.project, self.job.photo, self.job.seed, self.job.guidance

    def region(self) -> Region:
        side, context = self.loaded.backbone.size_px, self.loaded.context(0.0, 0)
        mask = box_at_side(self.job.box, self.window, side)
        return Region(cut(self.photo, self.window, side), mask, context, (self.job.seed,))

    def drawn(self, fill: Fill, step: int, is_rough: bool) -> PreviewReady:
        """The photo with a new fill, which is kept for the next preview."""
        keep_drawing(self.drawn_by, Drawing(self.job.box, self.window, fill, is_rough))
        return self.shown(fill, step)

    def shown(self, fill: Fill, step: int) -> PreviewReady:
        job = self.job
        picture = composite(self.photo, job.box, self.window, fill, _FEATHER)
        return PreviewReady(jpeg_base64=jpeg_base64(picture), photo=job.photo, box=job.box, step=step)


def _load(job: PreviewJob) -> _Scene:
    """Raises: EngineError as `preview` does."""
    project = Path(job.project)
    loaded = embedding_at(project / job.embedding, project)
    photo = photo_at(project / job.photo)
    check_boxes([job.box], size_of(photo), job.photo)
    return _Scene(job, loaded, photo, crop_window(job.box, size_of(photo), loaded.backbone.size_px))
