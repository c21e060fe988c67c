"""Renders as latents, encoded once: what the U-Net of the embedded backbone is trained on."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from safetensors import safe_open
from torch import Tensor

from engine.data.tensors import save_tensors
from engine.diffusion.pretraining.boxes import draw_box
from engine.diffusion.pretraining.captions import Caption
from engine.diffusion.pretraining.networks import DOWNSCALE
from engine.diffusion.pretraining.shards import SIBLINGS, Shard, read_shard
from engine.errors import EngineError

PAIRS = ((0, 1), (0, 2), (1, 2))
"""Which two siblings make pair 0, 1 and 2 of a group; they share one box, which holds the defects of both."""
_ENCODE_BATCH = 50


@dataclass(frozen=True)
class Latents:
    """G groups of renders as latents, float16, not scaled.

    `z0` (G, 3, 4, 32, 32) of each sibling; `blanked` (G, 3, 4, 32, 32) of each pair, its box grey; `masks` and
    `boxes` (G, 3, 1, 32, 32) uint8, of each sibling and of each pair; `captions` 3 · G.
    """

    z0: Tensor
    blanked: Tensor
    masks: Tensor
    boxes: Tensor
    captions: list[Caption]

    def __len__(self) -> int:
        return len(self.z0)

    @classmethod
    def concatenate(cls, parts: Sequence["Latents"]) -> "Latents":
        tensors = {
            f.name: torch.cat([getattr(p, f.name) for p in parts])
            for f in fields(cls)
            if f.name != "captions"
        }
        return cls(**tensors, captions=[caption for part in parts for caption in part.captions])


def write_latents(autoencoder: AutoencoderKL, renders: Path, folder: Path, count: int) -> Iterator[int]:
    """Encode the first `count` shards into `folder`; yields how many there are. What is there is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        path = latents_path(folder, index)
        if not path.exists():
            latents = encode_shard(autoencoder, read_shard(renders, index), seed=index)
            tensors = {f.name: getattr(latents, f.name) for f in fields(latents) if f.name != "captions"}
            save_tensors(
                path, tensors, {"captions": json.dumps([astuple(caption) for caption in latents.captions])}
            )
        yield index + 1


def latents_path(folder: Path, index: int) -> Path:
    return folder / f"{index:04}.safetensors"


def read_latents(folder: Path, indices: Sequence[int]) -> Latents:
    """Read what `write_latents` wrote.

    Raises:
        EngineError: an earlier version wrote it.
    """
    return Latents.concatenate([_read(latents_path(folder, index)) for index in indices])


def encode_shard(autoencoder: AutoencoderKL, shard: Shard, seed: int) -> Latents:
    """Encode every render, and the normal render of each group with the box of each pair blanked."""
    groups = len(shard.images) // SIBLINGS
    images = shard.images.reshape(groups, SIBLINGS, *shard.images.shape[1:])
    masks = shard.masks.reshape(groups, SIBLINGS, *shard.masks.shape[1:])
    rng = np.random.default_rng(seed)
    boxes = np.stack([[_box_of_pair(masks[g], pair, rng) for pair in PAIRS] for g in range(groups)])
    sources = np.stack([images[:, first] for first, _ in PAIRS], axis=1)
    blanked = _encode(
        autoencoder, sources.reshape(-1, *images.shape[2:]), boxes.reshape(-1, *masks.shape[2:])
    )
    z0 = _encode(autoencoder, images.reshape(-1, *images.shape[2:]), None)
    shape = (groups, SIBLINGS, *z0.shape[1:])
    return Latents(z0.view(shape), blanked.view(shape), _shrunk(masks), _shrunk(boxes), shard.captions)


def _box_of_pair(masks: np.ndarray, pair: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    both = masks[pair[0]] | masks[pair[1]]
    return draw_box(both, rng)


@torch.no_grad()
def _encode(autoencoder: AutoencoderKL, images: np.ndarray, boxes: np.ndarray | None) -> Tensor:
    """(N, S, S, 3) uint8, its boxes blanked to grey → (N, 4, S/4, S/4) float16."""
    device = next(autoencoder.parameters()).device
    parts = []
    for start in range(0, len(images), _ENCODE_BATCH):
        stop = start + _ENCODE_BATCH
        pixels = torch.from_numpy(images[start:stop]).to(device).movedim(-1, 1).float() / 127.5 - 1
        if boxes is not None:
            pixels = pixels * (1 - torch.from_numpy(boxes[start:stop]).to(device)[:, None].float())
        parts.append(autoencoder.encode(pixels).latent_dist.mean.half().contiguous().cpu())
    return torch.cat(parts)


def _shrunk(masks: np.ndarray) -> Tensor:
    """(G, 3, S, S) → (G, 3, 1, S/4, S/4) uint8: a latent counts where any of its pixels does."""
    flat = torch.from_numpy(masks).flatten(0, 1)[:, None].float()
    return F.max_pool2d(flat, DOWNSCALE).to(torch.uint8).unflatten(0, masks.shape[:2])


def _read(path: Path) -> Latents:
    with safe_open(path, "pt") as file:
        try:
            captions = [Caption.from_parts(parts) for parts in json.loads(file.metadata()["captions"])]
        except ValueError as error:
            raise EngineError(
                f"“{path}” was encoded by an earlier version.", "Train in a new folder."
            ) from error
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    return Latents(**tensors, captions=captions)
