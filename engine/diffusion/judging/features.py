"""What a close-up shows inside its box, as a vector of features: of a ResNet, or of a backbone's own encoder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine.data.images import to_unit
from engine.diffusion.backbone import Backbone
from engine.diffusion.judging.close_ups import CloseUp
from engine.errors import EngineError

_STAGES = ("stage1", "stage2", "stage3")
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's photos in [0, 1]
_BATCH = 8

Maps = list[Tensor]
"""Feature maps, (B, C, h, w) each; sizes and channels differ."""


@dataclass(frozen=True)
class Features:
    """A network's feature maps of images (B, 3, S, S) in [−1, 1], and what it is called in a table."""

    name: str
    maps: Callable[[Tensor], Maps]

    def of(self, close_ups: Sequence[CloseUp]) -> np.ndarray:
        """(N, D) float64: of each map, the mean in the box, made √C long.

        So x · y / D is between −1 and 1, whichever network it is.
        """
        parts = [self._batch(close_ups[i : i + _BATCH]) for i in range(0, len(close_ups), _BATCH)]
        return np.concatenate(parts)

    @torch.no_grad()
    def _batch(self, close_ups: Sequence[CloseUp]) -> np.ndarray:
        images = torch.stack([torch.from_numpy(to_unit(each.image)) for each in close_ups])
        boxes = torch.stack([torch.from_numpy(each.box.copy())[None] for each in close_ups]).float()
        vectors = []
        for maps in self.maps(images):
            pooled = pool(maps.float().cpu(), boxes).double()
            vectors.append(F.normalize(pooled, dim=1) * pooled.shape[1] ** 0.5)
        return torch.cat(vectors, 1).numpy()


def pool(maps: Tensor, boxes: Tensor) -> Tensor:
    """The mean of (B, C, h, w) over boxes (B, 1, S, S) in [0, 1]: (B, C).

    A feature that the box covers in part counts in part.
    """
    weights = F.adaptive_avg_pool2d(boxes, (maps.shape[-2], maps.shape[-1]))
    return (maps * weights).sum((2, 3)) / weights.sum((2, 3)).clamp(min=1e-8)


def resnet_features(folder: Path) -> Features:
    """Stages 1 to 3 of a ResNet in transformers layout. Raises EngineError."""
    from transformers import ResNetBackbone
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        network = ResNetBackbone.from_pretrained(
            str(folder), out_features=list(_STAGES), local_files_only=True
        )
    except (OSError, ValueError) as error:
        raise EngineError(
            f"There is no ResNet in {folder} that can be read.",
            "It has to be a folder in transformers layout with config.json and model.safetensors.",
        ) from error
    network.eval()
    mean, std = (torch.tensor(values)[:, None, None] for values in (_MEAN, _STD))

    def maps(images: Tensor) -> Maps:
        return list(network((images / 2 + 0.5 - mean) / std).feature_maps)

    return Features(f"{folder.name.partition('-imagenet')[0]} features", maps)


def encoder_features(backbone: Backbone) -> Features:
    """What the blocks of the autoencoder's encoder hand on, from the widest to the narrowest."""
    encoder: Any = backbone.vae.encoder

    def maps(images: Tensor) -> Maps:
        handed_on = encoder.conv_in(images.to(backbone.device, backbone.dtype))
        kept: Maps = []
        for block in encoder.down_blocks:
            handed_on = block(handed_on)
            kept.append(F.silu(handed_on))
        return kept

    return Features("own encoder's features", maps)
