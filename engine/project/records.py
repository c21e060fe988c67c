"""What samples and embeddings say of themselves in their files, as far as the catalogue keeps it."""

import struct
from pathlib import Path
from typing import TypeVar

import msgspec

from engine.errors import EngineError
from engine.geometry import Box, BoxRange
from engine.protocol import SampleFlag, TrainSettings

_KEY = "anogen"
_R = TypeVar("_R", bound=msgspec.Struct)
_MAX_HEADER_BYTES = 100_000_000


class SampleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a sample's PNG says in its text chunk `anogen`; further keys are not read here."""

    anomaly: str
    photo: str
    seed: int = 0
    embedding: str = ""
    boxes: tuple[Box, ...] = ()
    flags: tuple[SampleFlag, ...] = ()
    origin: str = ""


class SupportRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that an embedding was learned from."""

    name: str
    sha256: str = ""


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """How an embedding came about."""

    steps: int = 0
    supports: tuple[SupportRecord, ...] = ()
    box_range: BoxRange | None = None


class EmbeddingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What an embedding says in its header's metadata `anogen`; further keys are not read here."""

    anomaly: str
    name: str = ""
    backbone: str = ""
    provenance: Provenance = Provenance()


class DetectorRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a detector says in its header's metadata `anogen`: its settings, all of them decided, and its steps."""

    settings: TrainSettings
    steps: int


class MapRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What an anomaly map's PNG says in its text chunk `anogen`."""

    photo: str
    score: float
    run: str = ""


def read_sample_record(file: Path) -> SampleRecord | None:
    """None when the PNG does not say what it was made from. Raises EngineError when it cannot be read."""
    from engine.data.images import (
        read_png_record,  # loads numpy and PIL: no window's first paint waits for them
    )

    try:
        return msgspec.convert(read_png_record(file, _KEY), SampleRecord)
    except msgspec.ValidationError:
        return None


def read_map_record(file: Path) -> MapRecord | None:
    """None when the PNG does not say of which photo it is. Raises EngineError when it cannot be read."""
    from engine.data.images import read_png_record

    try:
        return msgspec.convert(read_png_record(file, _KEY), MapRecord)
    except msgspec.ValidationError:
        return None


def read_embedding_record(file: Path) -> EmbeddingRecord | None:
    """Read from a safetensors file's header, without a tensor; None when it is no anomaly embedding.

    Raises EngineError when it cannot be read.
    """
    return _read_header(file, EmbeddingRecord)


def read_detector_record(file: Path) -> DetectorRecord | None:
    """Read in the same way; None when it is no detector."""
    return _read_header(file, DetectorRecord)


def _read_header(file: Path, kind: type[_R]) -> _R | None:
    """The header: its length as 8 bytes, little endian, then JSON with the texts under `__metadata__`."""
    try:
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(_MAX_HEADER_BYTES, file.stat().st_size):
                return None
            header = msgspec.json.decode(stream.read(length), type=dict[str, msgspec.Raw])
        metadata = msgspec.json.decode(header["__metadata__"], type=dict[str, str])
        return msgspec.json.decode(metadata[_KEY], type=kind)
    except OSError as error:
        raise EngineError(
            f"{file} cannot be read: {error.strerror}.", "Check that you may read it."
        ) from error
    except (struct.error, KeyError, msgspec.DecodeError):
        return None
