"""The job *preview*: one box, drawn while a person moves it; an earlier drawing first, and rough pictures."""

from collections.abc import Iterator
from pathlib import Path

from engine.data.crops import cut
from engine.diffusion.at_hand import embedding_at, keep_drawing, last_drawing, photo_at
from engine.diffusion.carrying import Drawing
from engine.diffusion.compositing import Fill, box_at_side, composite
from engine.diffusion.filling import Filling, Region, quick_recipe
from engine.diffusion.foreground import size_of
from engine.diffusion.preview import LatentColors, jpeg_base64
from engine.geometry import check_boxes, crop_window
from engine.protocol import Event, GenerateSettings, PreviewJob, PreviewReady, Progress

_FEATHER = GenerateSettings().feather
_SHOWN_FROM = 1 / 3  # of the steps: before, nothing can be told yet


def preview(job: PreviewJob) -> Iterator[Event]:
    """Draw one box with few steps, and show the photo within the box's bounds as it becomes. Writes nothing.

    Yields: Progress, of step 0 when all is loaded; PreviewReady: of step 0 the last drawing, carried to the box; then
        rough ones on the way, a good one in the end.
    Raises:
        EngineError: the embedding, its backbone, the photo or the box cannot be used.
    """
    project = Path(job.project)
    loaded = embedding_at(project / job.embedding, project)
    photo = photo_at(project / job.photo)
    check_boxes([job.box], size_of(photo), job.photo)
    side = loaded.backbone.size_px
    window = crop_window(job.box, size_of(photo), side)
    recipe = quick_recipe(loaded.backbone, job.steps, job.guidance)
    colors = LatentColors(loaded.backbone)
    total = len(recipe.levels)
    yield Progress(step=0, total=total, stage="preview")

    def shown(fill: Fill, step: int) -> PreviewReady:
        picture = composite(photo, job.box, window, fill, _FEATHER)
        return PreviewReady(jpeg_base64=jpeg_base64(picture), photo=job.photo, box=job.box, step=step)

    drawn_by = (loaded.sha256, job.project, job.photo, job.seed, job.guidance)
    last = last_drawing(drawn_by)
    if last is not None and last.suits(job.box):
        yield shown(last.carried(job.box, window), 0)
    region = Region(
        cut(photo, window, side), box_at_side(job.box, window, side), loaded.context(0.0, 0), (job.seed,)
    )
    filling = Filling(loaded.backbone, [region], loaded.null_context, recipe)
    for step, x0 in enumerate(filling.draw(), start=1):
        yield Progress(step=step, total=total, stage="preview")
        if _SHOWN_FROM * total <= step:
            fill = colors.fill(x0[0], filling.normal[0]) if step < total else filling.fill(0)
            keep_drawing(drawn_by, Drawing(job.box, window, fill))
            yield shown(fill, step)
