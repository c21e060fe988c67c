"""A run of stage 2: canvases are opened, filled batch by batch, and written in order."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import torch

from engine.data.files import sha256_of
from engine.data.images import photo_size, read_photo
from engine.device import is_out_of_memory
from engine.diffusion.canvas import BoxTask, Canvas, PaperCanvas, ProductCanvas
from engine.diffusion.compositing import Fill
from engine.diffusion.filling import Filling, Recipe
from engine.diffusion.loaded import LoadedEmbedding
from engine.diffusion.placement import place_boxes
from engine.diffusion.preview import Previewer, jpeg_base64
from engine.diffusion.quality import Fingerprints
from engine.diffusion.samples import (
    SampleFiles,
    SamplePlan,
    SampleRecord,
    decisive_settings,
    derived_seed,
    finished_sample,
    plan_sample,
    sample_files,
    write_sample,
    written_event,
)
from engine.errors import EngineError
from engine.geometry import Box, check_boxes
from engine.protocol import Event, FileRefused, GenerateJob, PreviewReady, Progress, SampleFlag, Warned

_PIXELS_OPEN = 60_000_000  # of photos that are in the making at the same time, one at least
_PLACEMENT_STREAM = 1_000_003  # keeps the seeds of placements apart from those of boxes


@dataclass
class _Opened:
    """A sample of the run: in the making on its canvas, or there already (no canvas)."""

    plan: SamplePlan
    files: SampleFiles
    record: SampleRecord
    canvas: Canvas | None = None


class Production:
    """Makes the samples of a job, one after the other and several at a time.

    Samples are written in the order of their index, whatever order they are finished in: so is what they are
    compared with, and an interrupted run that goes on writes the same bytes.
    """

    def __init__(self, job: GenerateJob, run: str, loaded: LoadedEmbedding, recipe: Recipe) -> None:
        self.job, self.run, self.loaded, self.recipe = job, run, loaded, recipe
        self.written = 0
        self.refusal: EngineError | None = None
        self._planned = 0
        self._total = job.settings.count
        self._open: deque[_Opened] = deque()
        self._fingerprints = Fingerprints()
        self._hashes: dict[str, str] = {}
        self._told: set[tuple[str, str]] = set()
        self._previewer = Previewer(loaded.backbone)
        self._candidates = 1 if recipe.is_paper else job.settings.candidates
        self._clock: tuple[float, float] | None = None
        self._last_step = 0

    @property
    def project(self) -> Path:
        return Path(self.job.project)

    @property
    def _is_more_to_open(self) -> bool:
        return self._planned < self.job.settings.count

    def events(self) -> Iterator[Event]:
        """Make all samples.

        Yields: SampleWritten, Progress at every step, PreviewReady, Warned when memory ran out, FileRefused.
        Raises:
            EngineError: the disk is full, or there is not enough memory for a single crop.
        """
        while self._is_more_to_open or self._open:
            yield from self._open_more()
            batch = self._next_batch()
            if batch:
                yield from self._fill(batch)
            for opened in self._open:
                if opened.canvas is not None:
                    opened.canvas.advance()
            yield from self._write_finished()

    # --- opening --------------------------------------------------------------------------------------------

    def _open_more(self) -> Iterator[Event]:
        """Open samples until there is work for a batch."""
        while self._is_more_to_open and len(self._pending()) < self.recipe.batch_size and self._has_room():
            plan = plan_sample(self.job, self._planned)
            self._planned += 1
            try:
                self._open.append(self._opened(plan))
            except EngineError as error:
                yield from self._refuse(plan, error)
            yield from self._write_finished()

    def _refuse(self, plan: SamplePlan, error: EngineError) -> Iterator[Event]:
        """Go on without a sample; what is wrong with its photo or boxes is told once."""
        self._total -= 1
        self.refusal = self.refusal or error
        if (plan.photo, str(error)) not in self._told:
            self._told.add((plan.photo, str(error)))
            yield FileRefused(path=plan.photo, reason=str(error))

    def _opened(self, plan: SamplePlan) -> _Opened:
        """Raises: EngineError where the photo or a box on it cannot be used."""
        files = sample_files(self.project, self.job.anomaly, self.run, plan)
        record = self._record(plan)
        found = finished_sample(files, record)
        if found is not None:
            return _Opened(plan, files, found)
        if plan.photo in self.job.left_out:
            raise EngineError(
                f"The photo {plan.photo} was removed from the project.", "Choose another photo."
            )
        path = self.project / plan.photo
        check_boxes(plan.boxes, photo_size(path), plan.photo)
        photo = read_photo(path)
        boxes = plan.boxes or self._place(photo, plan)
        kind = PaperCanvas if self.recipe.is_paper else ProductCanvas
        canvas = kind(photo, boxes, plan.seed, self.loaded, self.job.settings)
        return _Opened(plan, files, msgspec.structs.replace(record, boxes=boxes), canvas)

    def _place(self, photo: np.ndarray, plan: SamplePlan) -> tuple[Box, ...]:
        box_range = self.loaded.embedding.provenance.box_range
        rng = np.random.default_rng(derived_seed(plan.seed, _PLACEMENT_STREAM))
        return place_boxes(photo, self.job.settings.boxes_per_photo, box_range, rng)

    def _record(self, plan: SamplePlan) -> SampleRecord:
        backbone = self.loaded.backbone
        return SampleRecord(
            anomaly=self.job.anomaly,
            embedding=self.job.embedding,
            embedding_sha256=self.loaded.sha256,
            backbone=backbone.reference,
            backbone_hash=backbone.hash,
            photo=plan.photo,
            photo_sha256=self._photo_hash(plan.photo),
            boxes=plan.boxes,
            seed=plan.seed,
            settings=decisive_settings(self.job),
            run=self.run,
            index=plan.index,
            device=backbone.device.type,
            origin=plan.origin,
        )

    def _photo_hash(self, photo: str) -> str:
        if photo not in self._hashes:
            path = self.project / photo
            photo_size(path)  # a missing or empty file gets its sentence
            self._hashes[photo] = sha256_of(path)
        return self._hashes[photo]

    def _has_room(self) -> bool:
        pixels = sum(o.canvas.mask.size for o in self._open if o.canvas is not None)
        return pixels < _PIXELS_OPEN

    # --- drawing --------------------------------------------------------------------------------------------

    def _pending(self) -> list[tuple[Canvas, BoxTask]]:
        canvases = [opened.canvas for opened in self._open if opened.canvas is not None]
        return [(canvas, task) for canvas in canvases for task in canvas.pending()]

    def _next_batch(self) -> list[tuple[Canvas, BoxTask]]:
        return self._pending()[: self.recipe.batch_size]

    def _fill(self, batch: Sequence[tuple[Canvas, BoxTask]]) -> Iterator[Event]:
        """Draw a batch; where memory runs out, nothing is drawn and the next batch is half as large."""
        try:
            yield from self._draw(batch)
            return
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
        yield self._halve(len(batch))  # what was drawn is free by now

    def _draw(self, batch: Sequence[tuple[Canvas, BoxTask]]) -> Iterator[Event]:
        regions = [canvas.region(task) for canvas, task in batch]
        filling = Filling(self.loaded.backbone, regions, self.loaded.null_context, self.recipe)
        steps = self.recipe.steps_drawn(self._candidates)
        picture_of = partial(self._preview, *batch[0])
        for step, x0 in enumerate(filling.draw(), start=1):
            yield self._progress(batch, step / steps)
            shown = self._previewer.show(x0[0], filling.normal[0], batch[0][1].crop, picture_of)
            if shown is not None:
                yield msgspec.structs.replace(shown, step=step)
        for row, (canvas, task) in enumerate(batch):
            canvas.take(task, filling, row)

    def _preview(self, canvas: Canvas, task: BoxTask, fill: Fill) -> PreviewReady:
        """What the photo of a canvas is like with a fill that is on its way."""
        picture, box = canvas.picture(task, fill)
        photo = next(opened.plan.photo for opened in self._open if opened.canvas is canvas)
        return PreviewReady(jpeg_base64=jpeg_base64(picture), photo=photo, box=box)

    def _halve(self, count: int) -> Warned:
        if count == 1:
            raise EngineError(
                "There is not enough memory to generate a single crop.",
                "Close other programs, or use a smaller backbone.",
            )
        self.recipe = replace(self.recipe, batch_size=count // 2)
        if self.loaded.backbone.device.type == "cuda":
            torch.cuda.empty_cache()
        return Warned(message=f"Memory ran out with {count} crops at a time; going on with {count // 2}.")

    # --- writing --------------------------------------------------------------------------------------------

    def _write_finished(self) -> Iterator[Event]:
        while self._open and (self._open[0].canvas is None or self._open[0].canvas.is_finished):
            opened = self._open.popleft()
            record = opened.record if opened.canvas is None else self._write(opened, opened.canvas)
            self._fingerprints.add(record.fingerprints)
            self.written += 1
            if opened.canvas is None:
                self._clock = None  # it says nothing of how long the others will take
            yield written_event(opened.files, record, reused=opened.canvas is None)
            yield self._progress([], 0.0)

    def _write(self, opened: _Opened, canvas: Canvas) -> SampleRecord:
        flags: tuple[SampleFlag, ...] = canvas.flags
        if self._fingerprints.is_known(canvas.fingerprints):
            flags = (*flags, "near_duplicate")
        record = msgspec.structs.replace(opened.record, flags=flags, fingerprints=tuple(canvas.fingerprints))
        image = canvas.image[..., 0] if canvas.is_grey else canvas.image
        write_sample(opened.files, image, canvas.mask, record)
        return record

    def _progress(self, batch: Sequence[tuple[Canvas, BoxTask]], share: float) -> Progress:
        """In steps of the sampler; a box that has to be drawn again does not count twice."""
        done = float(self.written)
        for opened in self._open:
            canvas = opened.canvas
            if canvas is None:
                done += 1
            else:
                drawn = sum(share for other, _ in batch if other is canvas)
                done += (canvas.count_done + drawn) / max(canvas.count, 1)
        now = time.monotonic()
        self._clock = self._clock or (now, done)
        started, before = self._clock
        left_s = (now - started) / (done - before) * (self._total - done) if done > before else None
        steps = self.recipe.steps_drawn(self._candidates)
        self._last_step = max(self._last_step, int(done * steps))
        return Progress(
            step=self._last_step,
            total=self._total * steps,
            stage=f"{self.written} of {self._total} sample{'s' * (self._total != 1)}",
            eta_s=left_s,
        )
