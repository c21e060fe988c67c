"""The state of a training: as tensors, on disk as one safetensors file, and the random numbers of its steps."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import torch
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


def step_generator(seed: int, step: int) -> torch.Generator:
    """Random numbers of one step: the same after a resume as without one."""
    return torch.Generator().manual_seed((seed * 1_000_003 + step * 7_919 + 17) % (2**63 - 1))


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments and step counts as flat, named tensors."""
    return {
        f"optimizer.{index}.{name}": torch.as_tensor(value)
        for index, entry in optimizer.state_dict()["state"].items()
        for name, value in entry.items()
    }


def load_optimizer_tensors(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Put back what `optimizer_tensors` gave, laid out in memory as the parameters are.

    A fused optimiser walks through both at once; and sums in another order would differ in the last bits.
    """
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".", 2)
            state.setdefault(int(index), {})[name] = _laid_out_like(parameters[int(index)], tensor)
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    if value.shape != parameter.shape or value.ndim == 0:
        return value
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)
