"""The strip: what the embedding draws after some steps, always in the same box and from the same noise."""

import cv2
import numpy as np
import torch

from engine.data.crops import cut
from engine.data.images import read_photo, save_png
from engine.diffusion.canvas import is_grey
from engine.diffusion.compositing import box_at_side, paste
from engine.diffusion.details import with_details
from engine.diffusion.filling import Filling, Region, quick_recipe
from engine.diffusion.foreground import size_of
from engine.diffusion.learning_run import Learner, Run
from engine.diffusion.placement import place_boxes
from engine.diffusion.prompts import BARE_TEMPLATES, NULL_PROMPT
from engine.errors import EngineError
from engine.geometry import Window, crop_window
from engine.protocol import GenerateSettings

_STEPS = 6  # of the sampler
_LARGEST_SIDE = 320  # of a picture


class Strip:
    """The strip of a run: a box of the anomaly's size on the part of a good photo, drawn with few steps.

    Drawing changes nothing of the learner: no gradient, no mode, no random state.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        photo = _good_photo(run)
        rng = np.random.default_rng(run.settings.seed)
        box = place_boxes(photo, 1, run.box_range, rng)[0]
        side = run.backbone.size_px
        window = crop_window(box, size_of(photo), side)
        self._crop = photo[window.slices()].copy()
        self._box = box.moved(-window.left, -window.top)
        self._small = cut(photo, window, side)
        self._inside = box_at_side(box, window, side)
        self._recipe = quick_recipe(run.backbone, _STEPS, None)
        with torch.no_grad():
            self._null_context = run.backbone.context(NULL_PROMPT)

    def draw(self, learner: Learner) -> str:
        """Draw the column of the learner's step; returns its path, relative to the project.

        Raises:
            EngineError: the disk is full, or the project cannot be written to.
        """
        backbone = self._run.backbone
        with torch.no_grad():
            context = backbone.context(BARE_TEMPLATES[0], learner.vectors)
        region = Region(self._small, self._inside, context, (self._run.settings.seed,))
        filling = Filling(backbone, [region], self._null_context, self._recipe)
        for _ in filling.draw():
            pass
        path = f"runs/{self._run.name}/strip/{learner.step:06d}.png"
        save_png(self._run.project / path, self._picture(filling))
        return path

    def _picture(self, filling: Filling) -> np.ndarray:
        """The crop with the fill pasted into its box as into a sample, (h, w, 3) uint8, not too large."""
        picture = self._crop.copy()
        height, width = picture.shape[:2]
        window = Window(0, 0, width, height)
        fill = with_details(filling.fill(0), picture, self._box, window)
        paste(picture, self._box, window, fill, GenerateSettings().feather, is_grey(picture))
        factor = _LARGEST_SIDE / max(height, width)
        if factor >= 1:
            return picture
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _good_photo(run: Run) -> np.ndarray:
    """The first good photo that can be read; without one, the first support photo."""
    for path in run.goods:
        try:
            return read_photo(run.project / path)
        except EngineError:
            continue  # told where the photos are read to learn from them
    return run.supports[0].image
