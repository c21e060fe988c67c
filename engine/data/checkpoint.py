"""The state of a training on disk: one safetensors file, replaced as a whole."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from safetensors import SafetensorError, safe_open
from torch import Tensor

from engine.data.tensors import save_tensors

_METADATA = "anogen"


@dataclass
class Progressed:
    """How far a training got: the step, and the evaluation losses so far as (step, loss)."""

    step: int = 0
    evaluations: list[tuple[int, float]] = field(default_factory=list)


def save_checkpoint(path: Path, tensors: dict[str, Tensor], progress: Progressed) -> None:
    """Write atomically: a reader finds the old state or the new one, never a half.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    metadata = {_METADATA: msgspec.json.encode(progress).decode()}
    save_tensors(path, tensors, metadata)


def load_checkpoint(path: Path) -> tuple[dict[str, Tensor], Progressed] | None:
    """The tensors and how far they got; None where there is no checkpoint, or none that can be read."""
    progress = load_progress(path)
    if progress is None:
        return None
    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, progress  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError):
        return None


def load_progress(path: Path) -> Progressed | None:
    """How far the checkpoint got, without its tensors; None as for `load_checkpoint`."""
    try:
        with safe_open(path, "pt") as file:
            text = (file.metadata() or {}).get(_METADATA, "")
        return msgspec.json.decode(text, type=Progressed)
    except (SafetensorError, msgspec.DecodeError, OSError):
        return None
