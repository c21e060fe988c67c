"""Tensors on disk: one safetensors file, whole or not there."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save
from torch import Tensor

from engine.data.files import write_atomically


def save_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write named tensors, from any device and of any layout, with a header of texts.

    safetensors' own `save_file` leaves a temporary file behind where it is killed, and tells a full disk or a
    read-only folder in an error of its own kind.

    Raises:
        EngineError: the disk is full, or the folder cannot be written to.
    """
    stored = {name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}
    with write_atomically(path) as temporary:
        temporary.write_bytes(save(stored, dict(metadata)))
