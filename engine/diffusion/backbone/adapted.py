"""Adapted backbones: a project's own copy of a U-Net, on top of the backbone that it was fine-tuned from."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.data.files import safe_name, write_atomically
from engine.diffusion.backbone.backbone import Backbone
from engine.diffusion.backbone.filehash import file_hash
from engine.diffusion.backbone.layout import INDEX_NAME
from engine.errors import EngineError

FOLDER = "backbones"
RECORD_NAME = "adapted.json"
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
_AGAIN = "Adapt the backbone again (anogen adapt)"


class AdaptedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`adapted.json`: what the U-Net was fine-tuned from, and on what; `base` is never an adapted one."""

    base: str
    base_hash: str
    anomaly: str = ""
    supports: list[dict[str, str]] = []
    steps: int = 0
    created: str = ""
    settings: dict[str, Any] = {}
    version: int = 1


def find_adapted(reference: str, project: Path | None) -> Path | None:
    """The folder of a project's `backbones/<name>`; None for every other reference.

    Raises:
        EngineError: it is one, but no project was given, or the project has none of that name.
    """
    parts = Path(reference).parts
    if len(parts) != 2 or parts[0] != FOLDER:
        return None
    if project is not None and (project / reference).is_dir():
        return None if (project / reference / INDEX_NAME).exists() else project / reference
    if (Path(reference) / INDEX_NAME).exists():
        return None  # a whole backbone of the user's, which only happens to be in a folder of that name
    if project is None:
        raise EngineError(f"“{reference}” is an adapted backbone.", "Name the project that it belongs to.")
    known = ", ".join(f"“{FOLDER}/{path.name}”" for path in sorted((project / FOLDER).glob("*")))
    raise EngineError(
        f"The project has no adapted backbone “{reference}”.",
        f"It has {known}." if known else f"{_AGAIN}, or restore the folder from a copy.",
    )


def save_adapted(
    project: Path,
    name: str,
    base: Backbone,
    unet: Mapping[str, Tensor],
    *,
    anomaly: str = "",
    supports: list[dict[str, str]] | None = None,
    steps: int = 0,
    created: str = "",
    settings: dict[str, Any] | None = None,
) -> str:
    """Write an adapted U-Net (float16) and what it is based on; returns its reference, `backbones/<name>`.

    Args:
        base: the backbone that was adapted, its `reference` and `hash` as they were when it was loaded.
        unet: the U-Net's whole state dict.
        supports: one {name, sha256, mask_sha256} a support photo.
    Raises:
        EngineError: the disk is full, or the project cannot be written to.
    """
    reference = f"{FOLDER}/{safe_name(name)}"
    origin, origin_hash = _origin(base, project)
    half = {key: _half(tensor).contiguous().cpu() for key, tensor in unet.items()}
    with write_atomically(project / reference / WEIGHTS) as temporary:
        save_file(half, temporary, {"format": "pt"})
    record = AdaptedRecord(
        base=origin,
        base_hash=origin_hash,
        anomaly=anomaly,
        supports=supports or [],
        steps=steps,
        created=created,
        settings=settings or {},
    )
    with write_atomically(project / reference / RECORD_NAME) as temporary:
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
    return reference


def read_record(folder: Path) -> AdaptedRecord:
    """Raises: EngineError where the folder holds no whole adapted backbone."""
    path = folder / RECORD_NAME
    missing = [name for name in (RECORD_NAME, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        raise EngineError(
            f"The adapted backbone {folder} is not whole; missing: {', '.join(missing)}.",
            f"{_AGAIN}, or restore the folder from a copy.",
        )
    try:
        return msgspec.json.decode(path.read_bytes(), type=AdaptedRecord)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path} cannot be read: {error}.", f"{_AGAIN}.") from error


def put_adapted(base: Backbone, reference: str, folder: Path, record: AdaptedRecord) -> Backbone:
    """Put the adapted U-Net of `folder` in the place of its base's; changes and returns `base`.

    Raises:
        EngineError: `base` is no longer the one that was adapted, or the U-Net is damaged.
    """
    if base.hash != record.base_hash:
        raise EngineError(
            f"“{reference}” was adapted from another version of “{record.base}” than the one here.",
            "Bring that version back, or adapt the backbone again (anogen adapt).",
        )
    weights = folder / WEIGHTS
    try:
        base.unet.load_state_dict({name: tensor.float() for name, tensor in load_file(weights).items()})
    except (SafetensorError, OSError, RuntimeError) as error:
        raise EngineError(f"{weights} is damaged or of another network.", f"{_AGAIN}.") from error
    base.reference = reference
    base.hash = adapted_hash(record.base_hash, file_hash(weights, folder))
    return base


def adapted_hash(base_hash: str, unet_sha256: str) -> str:
    """The hash of an adapted backbone: SHA-256 over its base's hash and its U-Net file's."""
    return hashlib.sha256(f"{base_hash} {unet_sha256}\n".encode()).hexdigest()


def _origin(base: Backbone, project: Path) -> tuple[str, str]:
    """Reference and hash of what `base` goes back to; the whole U-Net is kept, so nothing between counts."""
    folder = find_adapted(base.reference, project)
    if folder is None:
        return base.reference, base.hash
    record = read_record(folder)
    return record.base, record.base_hash


def _half(tensor: Tensor) -> Tensor:
    return tensor.detach().to(torch.float16) if tensor.is_floating_point() else tensor.detach()
