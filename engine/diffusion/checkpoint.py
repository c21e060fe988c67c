"""The state of a learning run on disk: one safetensors file, replaced as a whole."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.data.files import write_atomically


@dataclass
class Progressed:
    """How far a run got: the step, and the evaluation losses so far as (step, loss)."""

    step: int = 0
    evaluations: list[tuple[int, float]] = field(default_factory=list)


def save_checkpoint(path: Path, tensors: dict[str, Tensor], progress: Progressed) -> None:
    """Write atomically: a reader finds the old state or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"anogen": json.dumps({"step": progress.step, "evaluations": progress.evaluations})}
    with write_atomically(path) as temporary:
        save_file({name: tensor.detach().contiguous().cpu() for name, tensor in tensors.items()}, temporary, metadata)


def load_checkpoint(path: Path) -> tuple[dict[str, Tensor], Progressed] | None:
    """The tensors and how far they got; None where there is no checkpoint, or none that can be read."""
    if not path.exists():
        return None
    try:
        with safe_open(path, "pt") as file:
            saved: dict[str, Any] = json.loads((file.metadata() or {}).get("anogen", "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
        return tensors, Progressed(int(saved["step"]), [(int(s), float(v)) for s, v in saved["evaluations"]])
    except (SafetensorError, KeyError, ValueError, OSError):
        return None


def half(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Floating point tensors as fp16, for files that are only read to generate."""
    return {name: t.to(torch.float16) if t.is_floating_point() else t for name, t in tensors.items()}
