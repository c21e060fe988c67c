"""A sample in the making: the photo, its boxes, and what has been drawn into them so far."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np

from engine.data.crops import cut
from engine.diffusion.compositing import (
    SHOWN_SIDE,
    Fill,
    box_at_side,
    box_squeezed,
    composite,
    feather_mask,
    inside_box,
    is_grey,
    paste,
)
from engine.diffusion.details import with_details
from engine.diffusion.filling import Filling, Region
from engine.diffusion.foreground import size_of
from engine.diffusion.loaded import LoadedEmbedding
from engine.diffusion.placement import shared_area
from engine.diffusion.quality import Change, fingerprint, measure_change, measure_whole_change
from engine.diffusion.samples import derived_seed
from engine.geometry import Box, Window, box_window, crop_window
from engine.protocol import GenerateSettings, SampleFlag

ROUNDS = 3  # that a box in which nothing changed is drawn, each with other seeds


@dataclass
class BoxTask:
    """A box to fill (all boxes of the photo in the paper profile): its crop, and the best fill so far."""

    index: int
    window: Window
    crop: np.ndarray  # (s, s, 3) uint8
    inside: np.ndarray  # (s, s) bool
    weight: np.ndarray  # (s, s) float32 in [0, 1], how far the fill will be pasted
    rounds: int = ROUNDS
    attempt: int = 0
    fill: Fill | None = None
    change: Change | None = None

    @property
    def is_changed(self) -> bool:
        return self.change is not None and self.change.is_visible

    @property
    def is_done(self) -> bool:
        return self.is_changed or self.attempt >= self.rounds

    def take(self, fill: Fill, change: Change) -> None:
        """Keep a fill, if it changes the box more than the one before."""
        if self.change is None or (change.share, change.mean) > (self.change.share, self.change.mean):
            self.fill, self.change = fill, change
        self.attempt += 1


class Canvas(ABC):
    """A photo that becomes a sample, wave after wave of boxes.

    Args:
        image: (H, W, 3) uint8, its own memory.
    """

    def __init__(
        self,
        image: np.ndarray,
        boxes: tuple[Box, ...],
        seed: int,
        loaded: LoadedEmbedding,
        settings: GenerateSettings,
    ) -> None:
        self.image = image
        self.mask = np.zeros(image.shape[:2], bool)
        self.is_grey = is_grey(image)
        self.boxes = boxes
        self.fingerprints: list[str] = []
        self.tasks: list[BoxTask] = []
        self._seed, self._loaded, self._settings = seed, loaded, settings
        self._finished: list[BoxTask] = []
        self._waves = self._plan()
        self._start_wave()

    @property
    def is_finished(self) -> bool:
        return not self.tasks

    @property
    def count(self) -> int:
        """Tasks from the first wave to the last."""
        return len(self._finished) + len(self.tasks) + sum(len(wave) for wave in self._waves)

    @property
    def count_done(self) -> int:
        return len(self._finished) + sum(task.is_done for task in self.tasks)

    @property
    def flags(self) -> tuple[SampleFlag, ...]:
        return () if all(task.is_changed for task in self._finished) else ("nothing_changed",)

    def pending(self) -> list[BoxTask]:
        """What can be drawn now."""
        return [task for task in self.tasks if not task.is_done]

    def advance(self) -> None:
        """Put this wave into the photo once all of it is done, and begin the next."""
        if not self.tasks or self.pending():
            return
        for task in self.tasks:
            assert task.fill is not None  # it has been taken at least once
            self._composite(task, task.fill)
            self.fingerprints.append(fingerprint(task.fill, task.inside))
            task.fill = None  # its memory
        self._finished += self.tasks
        self._start_wave()

    def _start_wave(self) -> None:
        self.tasks = [self._task(index) for index in self._waves.pop(0)] if self._waves else []

    @abstractmethod
    def region(self, task: BoxTask) -> Region:
        """What the backbone is asked for."""

    @abstractmethod
    def take(self, task: BoxTask, filling: Filling, row: int) -> None:
        """Take what was drawn for a task, the `row`-th of the batch."""

    @abstractmethod
    def picture(self, task: BoxTask, fill: Fill) -> tuple[np.ndarray, Box]:
        """What the photo is like with a fill that may still change, as a screen needs it; the photo stays.

        Returns:
            (h, w, 3) uint8, at most 512 pixels large, and the box within whose bounds it shows the photo.
        """

    @abstractmethod
    def _plan(self) -> list[list[int]]: ...

    @abstractmethod
    def _task(self, index: int) -> BoxTask: ...

    @abstractmethod
    def _composite(self, task: BoxTask, fill: Fill) -> None: ...


class ProductCanvas(Canvas):
    """Every box has a crop of its own, and goes into the photo at the photo's own resolution.

    Boxes that overlap are drawn one after the other; those that do not, see the photo as it was before any of
    them.
    """

    def region(self, task: BoxTask) -> Region:
        """Other seeds at every attempt."""
        seeds = (
            derived_seed(self._seed, task.index, task.attempt, k) for k in range(self._settings.candidates)
        )
        context = self._loaded.context(self._settings.perturbation, derived_seed(self._seed, task.index))
        return Region(task.crop, task.inside, context, tuple(seeds))

    def take(self, task: BoxTask, filling: Filling, row: int) -> None:
        fill = filling.fill(row)
        task.take(fill, measure_change(fill, task.crop, task.weight))

    def picture(self, task: BoxTask, fill: Fill) -> tuple[np.ndarray, Box]:
        """Within the task's own box."""
        box = self.boxes[task.index]
        return composite(self.image, box, task.window, fill, self._settings.feather), box

    def _plan(self) -> list[list[int]]:
        return waves(self.boxes)

    def _task(self, index: int) -> BoxTask:
        box, side = self.boxes[index], self._loaded.backbone.size_px
        window = crop_window(box, size_of(self.image), side)
        small = box.moved(-window.left, -window.top).scaled(side / max(window.width, window.height))
        weight = feather_mask(small, Window(0, 0, side, side), self._settings.feather)
        return BoxTask(index, window, cut(self.image, window, side), box_at_side(box, window, side), weight)

    def _composite(self, task: BoxTask, fill: Fill) -> None:
        box = self.boxes[task.index]
        if self._settings.details:
            others = [self.boxes[other.index] for other in self.tasks if other is not task]
            fill = with_details(fill, self.image, box, task.window, others)
        touched = paste(self.image, box, task.window, fill, self._settings.feather, self.is_grey)
        self.mask[box_window(box, size_of(self.image)).slices()] |= touched


class PaperCanvas(Canvas):
    """The whole photo at the backbone's size, all boxes at once, nothing of the photo put back."""

    @property
    def flags(self) -> tuple[SampleFlag, ...]:
        return (*super().flags, "changed_outside")

    def region(self, task: BoxTask) -> Region:
        return Region(task.crop, task.inside, self._loaded.context(0.0, 0), (derived_seed(self._seed, 0),))

    def take(self, task: BoxTask, filling: Filling, row: int) -> None:
        generated = filling.generated(row)
        change = measure_whole_change(generated, task.crop, task.inside)
        task.take(Fill(generated, task.crop.astype(np.float32)), change)

    def picture(self, task: BoxTask, fill: Fill) -> tuple[np.ndarray, Box]:
        """The whole photo."""
        size = size_of(self.image)
        factor = min(1.0, SHOWN_SIDE / max(size.width, size.height))
        shown = (max(1, round(factor * size.width)), max(1, round(factor * size.height)))
        levels = np.rint(fill.generated.clip(0, 255)).astype(np.uint8)
        return cv2.resize(levels, shown, interpolation=cv2.INTER_CUBIC), Box.from_bounds(
            0, 0, size.width, size.height
        )

    def _plan(self) -> list[list[int]]:
        return [[0]]

    def _task(self, index: int) -> BoxTask:
        side, size = self._loaded.backbone.size_px, size_of(self.image)
        interpolation = cv2.INTER_AREA if min(size.width, size.height) > side else cv2.INTER_CUBIC
        crop = cv2.resize(self.image, (side, side), interpolation=interpolation)
        inside = np.any([box_squeezed(box, size, side) for box in self.boxes], axis=0)
        window = Window(0, 0, size.width, size.height)
        return BoxTask(index, window, crop, inside, inside.astype(np.float32), rounds=1)

    def _composite(self, task: BoxTask, fill: Fill) -> None:
        size = size_of(self.image)
        levels = np.rint(fill.generated.clip(0, 255)).astype(np.uint8)
        if self.is_grey:
            levels = np.repeat(cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
        self.image = cv2.resize(levels, (size.width, size.height), interpolation=cv2.INTER_CUBIC)
        for box in self.boxes:
            window = box_window(box, size)
            self.mask[window.slices()] |= inside_box(box, window)


def waves(boxes: tuple[Box, ...]) -> list[list[int]]:
    """Indices of boxes in the order in which they are drawn: one that overlaps an earlier one comes later."""
    wave_of: list[int] = []
    for index, box in enumerate(boxes):
        before = [wave_of[i] for i in range(index) if shared_area(box, boxes[i]) > 0]
        wave_of.append(max(before, default=-1) + 1)
    return [[i for i, wave in enumerate(wave_of) if wave == n] for n in range(max(wave_of, default=-1) + 1)]
