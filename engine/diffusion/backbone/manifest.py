"""What a backbone's folder says about itself beyond its weights: `anogen.json`, which may be absent."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from engine.data.files import write_json
from engine.errors import EngineError

MANIFEST_NAME = "anogen.json"
_LDM_GUIDANCE = 10.0  # AnoGen's own

AdapterRank = Annotated[int, Meta(ge=0, le=256)]


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was downloaded."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """How a backbone wants to be used, and where it came from.

    `adapter_rank` is that of the adapter it is adapted with; 0: its whole U-Net is trained, as only a small one
    should be. `size_px` is 0 where the U-Net's own size holds. `captions_are_sentences` is false for a backbone
    whose captions name the defect and nothing else.
    """

    needs_adaptation: bool = False
    adapter_rank: AdapterRank = 16
    guidance: Annotated[float, Meta(ge=0, le=50)] = 7.5
    size_px: Annotated[int, Meta(ge=0)] = 0
    licence: str = ""
    captions_are_sentences: bool = True
    source: str = ""
    revision: str = ""
    files: dict[str, FileRecord] = {}


def default_manifest(kind: str) -> Manifest:
    """How a backbone of this kind is used where it says nothing itself."""
    return Manifest(guidance=_LDM_GUIDANCE) if kind == "ldm" else Manifest()


def read_manifest(folder: Path, kind: str) -> Manifest:
    """The manifest of a backbone's folder; without one, the defaults of its kind.

    Raises:
        EngineError: the file is no manifest.
    """
    defaults = default_manifest(kind)
    path = folder / MANIFEST_NAME
    if not path.exists():
        return defaults
    try:
        told = msgspec.json.decode(path.read_bytes(), type=dict)
        return msgspec.convert({**msgspec.to_builtins(defaults), **told}, Manifest)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path} cannot be read: {error}.", "Correct or remove the file.") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `anogen.json`. Raises: EngineError where the folder cannot be written to."""
    write_json(folder / MANIFEST_NAME, manifest)
