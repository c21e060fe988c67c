"""Tensors on disk: one safetensors file, whole or not there."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save
from torch import Tensor

from engine.breathing import breathe
from engine.data.files import write_atomically

_PART_BYTES = 8_000_000  # written at once


def save_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write named tensors, from any device and of any layout, with a header of texts.

    safetensors' own `save_file` leaves a temporary file behind where it is killed, and tells a full disk or a
    read-only folder in an error of its own kind.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    stored = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    breathe()
    with write_atomically(path) as temporary, temporary.open("wb") as file:
        content = memoryview(save(stored, dict(metadata)))
        for start in range(0, len(content), _PART_BYTES):
            breathe()
            file.write(content[start : start + _PART_BYTES])
