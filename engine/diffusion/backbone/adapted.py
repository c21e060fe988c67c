"""Adapted backbones: a project's own U-Net, or an adapter for one, on top of the backbone that was adapted."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engine.data.files import safe_name, write_json
from engine.data.tensors import save_tensors
from engine.diffusion.backbone.backbone import Backbone
from engine.diffusion.backbone.filehash import file_hash
from engine.diffusion.backbone.layout import INDEX_NAME
from engine.diffusion.backbone.manifest import AdapterRank
from engine.diffusion.backbone.places import EMBEDDED
from engine.diffusion.backbone.trained_part import adapter_rank, stored, trained_part
from engine.errors import EngineError

FOLDER = "backbones"
RECORD_NAME = "adapted.json"
_WHOLE, _ADAPTER = "diffusion_pytorch_model", "pytorch_lora_weights"  # as diffusers calls these files
_AGAIN = "Adapt the backbone again (anogen adapt)"


class AdaptedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`adapted.json`: what was adapted, on what, and how.

    `adapter_rank` is 0 where there is a whole U-Net; its `base` is never an adapted backbone. An adapter's may be.
    """

    base: str
    base_hash: str
    adapter_rank: AdapterRank = 0
    anomaly: str = ""
    supports: list[dict[str, str]] = []
    steps: int = 0
    created: str = ""
    settings: dict[str, Any] = {}
    version: int = 1

    @property
    def weights(self) -> str:
        """The file of the U-Net or the adapter, relative to the folder."""
        return f"unet/{_ADAPTER if self.adapter_rank else _WHOLE}.safetensors"


@dataclass(frozen=True)
class Adapted:
    """An adapted backbone of a project; nothing of it is loaded."""

    reference: str
    folder: Path
    record: AdaptedRecord

    @property
    def weights(self) -> Path:
        """The file of its U-Net or adapter."""
        return self.folder / self.record.weights

    def hash(self) -> str:
        """Reads the weights."""
        return adapted_hash(self.record.base_hash, file_hash(self.weights, self.folder))


def find_adapted(reference: str, project: Path | None) -> Path | None:
    """The folder of a project's `backbones/<name>`; None for every other reference.

    Raises:
        EngineError: it is one, but no project was given, or the project has none of that name; or it is the path
            of one.
    """
    parts = Path(reference).parts
    if len(parts) != 2 or parts[0] != FOLDER:
        _refuse_path(reference)
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


def _refuse_path(reference: str) -> None:
    """Raises: EngineError where a path leads to an adapted backbone; it has a name in its project alone."""
    folder = Path(os.path.expanduser(reference)).resolve()
    is_adapted = (folder / RECORD_NAME).is_file() and not (folder / INDEX_NAME).exists()
    if is_adapted and reference != EMBEDDED:
        name = f"{FOLDER}/{folder.name}"
        raise EngineError(
            f"{reference} is an adapted backbone.",
            f"Its project calls it {name}: anogen backbone check {name} --project {folder.parent.parent}",
        )


def lineage(reference: str, project: Path | None) -> tuple[str, list[Adapted]]:
    """The whole backbone that a reference goes back to, and the adapted ones from there to it, in this order.

    Raises:
        EngineError: an adapted one is not there, not whole, or adapted from itself.
    """
    found: list[Adapted] = []
    while (folder := find_adapted(reference, project)) is not None:
        if any(folder == later.folder for later in found):
            raise EngineError(f"{folder / RECORD_NAME} says that it was adapted from itself.", f"{_AGAIN}.")
        found.insert(0, Adapted(reference, folder, read_record(folder)))
        reference = found[0].record.base
    return reference, found


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
    """Write an adapted U-Net (float16) or an adapter, and what it is based on; returns `backbones/<name>`.

    Args:
        base: the backbone that was adapted, its `reference` and `hash` as they were when it was loaded.
        unet: the tensors of the U-Net that were trained: its whole state dict, or an adapter's.
        supports: one {name, sha256, mask_sha256} a support photo.
    Raises:
        EngineError: the disk is full, or the project cannot be written to.
    """
    reference = f"{FOLDER}/{safe_name(name)}"
    rank = adapter_rank(unet)
    origin, origin_hash = (base.reference, base.hash) if rank else _root(base, project)
    record = AdaptedRecord(
        base=origin,
        base_hash=origin_hash,
        adapter_rank=rank,
        anomaly=anomaly,
        supports=supports or [],
        steps=steps,
        created=created,
        settings=settings or {},
    )
    save_tensors(project / reference / record.weights, stored(unet), {"format": "pt"})
    write_json(project / reference / RECORD_NAME, record)
    return reference


def read_record(folder: Path) -> AdaptedRecord:
    """Raises: EngineError where the folder holds no whole adapted backbone."""
    path = folder / RECORD_NAME
    _require(folder, RECORD_NAME)
    try:
        record = msgspec.json.decode(path.read_bytes(), type=AdaptedRecord)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path} cannot be read: {error}.", f"{_AGAIN}.") from error
    _require(folder, record.weights)
    return record


def put_adapted(base: Backbone, adapted: Adapted) -> None:
    """Make `base` the adapted backbone: with its U-Net, or with its adapter merged into the U-Net.

    Raises:
        EngineError: `base` is no longer the one that was adapted, or the file of weights is damaged.
    """
    record = adapted.record
    if base.hash != record.base_hash:
        raise EngineError(
            f"“{adapted.reference}” was adapted from another version of “{record.base}” than the one here.",
            "Bring that version back, or adapt the backbone again (anogen adapt).",
        )
    try:
        tensors = load_file(adapted.weights)
        part = trained_part(base.unet, record.adapter_rank)
        part.load(tensors)
        part.merge()
    except (SafetensorError, OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"{adapted.weights} is damaged or of another network.", f"{_AGAIN}.") from error
    base.reference = adapted.reference
    base.hash = adapted.hash()


def adapted_hash(base_hash: str, weights_sha256: str) -> str:
    """The hash of an adapted backbone: SHA-256 over its base's hash and that of its U-Net's or adapter's file."""
    return hashlib.sha256(f"{base_hash} {weights_sha256}\n".encode()).hexdigest()


def _root(base: Backbone, project: Path) -> tuple[str, str]:
    """Reference and hash of what `base` goes back to: where a whole U-Net is kept, nothing between counts."""
    reference, between = lineage(base.reference, project)
    return reference, between[0].record.base_hash if between else base.hash


def _require(folder: Path, name: str) -> None:
    if not (folder / name).is_file():
        raise EngineError(
            f"The adapted backbone {folder} is not whole; missing: {name}.",
            f"{_AGAIN}, or restore the folder from a copy.",
        )
