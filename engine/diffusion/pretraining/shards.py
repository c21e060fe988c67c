"""The renders that the embedded backbone is trained on, in shards on disk that an interrupted training goes on with."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import astuple, dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from engine.data.files import write_atomically
from engine.diffusion.pretraining.captions import Caption
from engine.diffusion.pretraining.rendering import Render, render_siblings
from engine.errors import EngineError

SIBLINGS = 3
"""Renders of one surface: normal, and with each of two defects."""
GROUPS_IN_SHARD = 250


@dataclass(frozen=True)
class Shard:
    """N = 3 × groups renders, siblings one after the other.

    `images` (N, 128, 128, 3) uint8; `masks` (N, 128, 128) uint8, 0 or 1; N `captions`.
    """

    images: np.ndarray
    masks: np.ndarray
    captions: list[Caption]


def write_shards(folder: Path, count: int, first_seed: int, workers: int) -> Iterator[int]:
    """Render `count` shards into `folder` in `workers` processes; yields how many there are, again and again.

    Shards that are there are not rendered again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [index for index in range(count) if not shard_path(folder, index).exists()]
    done = count - len(missing)
    yield done
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        tasks = [pool.submit(write_shard, folder, index, first_seed) for index in missing]
        try:
            for task in as_completed(tasks):
                task.result()
                done += 1
                yield done
        finally:
            for task in tasks:
                task.cancel()


def shard_path(folder: Path, index: int) -> Path:
    return folder / f"{index:04}.npz"


def write_shard(folder: Path, index: int, first_seed: int) -> None:
    """Render shard `index`; its seeds follow on those of the shard before."""
    cv2.setNumThreads(1)
    start = first_seed + index * GROUPS_IN_SHARD
    renders = [render for seed in range(start, start + GROUPS_IN_SHARD) for render in render_group(seed)]
    with write_atomically(shard_path(folder, index)) as temporary, temporary.open("wb") as file:
        np.savez(
            file,
            images=np.stack([render.image for render in renders]),
            masks=np.packbits(np.stack([render.mask for render in renders]), axis=-1),
            captions=np.array([astuple(render.caption) for render in renders]),
        )


def render_group(seed: int) -> list[Render]:
    """The siblings of a seed, always three."""
    siblings = render_siblings(seed, SIBLINGS - 1)
    assert len(siblings) == SIBLINGS, f"seed {seed} has {len(siblings)} siblings"
    return siblings


def read_shard(folder: Path, index: int) -> Shard:
    """Read shard `index`.

    Raises:
        EngineError: it was written by an earlier version, whose captions had other parts.
    """
    path = shard_path(folder, index)
    with np.load(path, allow_pickle=False) as file:
        try:
            captions = [Caption.from_parts(parts) for parts in np.atleast_2d(file["captions"])]
        except ValueError as error:
            raise EngineError(
                f"“{path}” was rendered by an earlier version.", "Train in a new folder."
            ) from error
        return Shard(file["images"], np.unpackbits(file["masks"], axis=-1), captions)
