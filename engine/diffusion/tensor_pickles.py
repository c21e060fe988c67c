"""Reading the tensors out of files that `torch.save` wrote, without executing anything that is in them.

A pickle is a program. This reader obeys only the instructions that put tensors into containers: whatever else
a file names is refused by its name, and torch's own containers become lifeless `State`s.
"""

import io
import math
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import torch
from torch import Tensor

from engine.errors import EngineError

_MAX_BYTES = 256 * 2**20
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_STORAGE_TYPES = {
    "FloatStorage": torch.float32,
    "DoubleStorage": torch.float64,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
}
_CONTAINERS = {
    "torch.nn.modules.container.ParameterDict",
    "torch.nn.modules.container.ParameterList",
    "torch.nn.modules.container.ModuleDict",
    "torch.nn.modules.sparse.Embedding",
    "torch.nn.parameter.Parameter",
}


class ForbiddenError(pickle.UnpicklingError):
    """The file names something that is no tensor and no container."""


class State:
    """What is left of an object of torch's: its attributes, and no behaviour."""

    attributes: dict[str, Any]

    def __new__(cls, *_arguments: object) -> "State":
        state = super().__new__(cls)
        state.attributes = {}
        return state

    def __setstate__(self, state: object) -> None:
        parts = state if isinstance(state, tuple) else (state,)
        for part in parts:
            if isinstance(part, dict):
                self.attributes.update(part)


def read_tensor_pickle(path: Path) -> Any:
    """The dicts, lists and tensors of a file that `torch.save` wrote, old format or new, on the CPU.

    Raises:
        EngineError: the file is none, is damaged or very large, or asks for more than tensors.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise EngineError(
                f"{path} is far too large for an embedding.", "Choose the file of an embedding."
            )
        return _read_zip(path) if zipfile.is_zipfile(path) else _read_legacy(path)
    except ForbiddenError as error:
        raise EngineError(
            f"{path} was not opened: it holds more than tensors ({error}), and might run a program.",
            "Use embeddings only from where you trust them; ask for a safetensors file.",
        ) from error
    except FileNotFoundError as error:
        raise EngineError(f"There is no file {path}.", "Check the name.") from error
    except EngineError:
        raise
    except Exception as error:  # a damaged pickle can fail in any way
        raise EngineError(
            f"{path} is damaged, or was not written by torch.", "Choose the file of an embedding (.pt, .bin)."
        ) from error


class _Storage:
    """Memory that tensors are views of; `fill` may come after they were made."""

    def __init__(self, dtype: torch.dtype, size: int) -> None:
        self._memory = bytearray(size)
        self.flat = torch.frombuffer(self._memory, dtype=dtype) if size else torch.empty(0, dtype=dtype)

    def fill(self, content: bytes) -> None:
        if len(content) != len(self._memory):
            raise pickle.UnpicklingError("a storage is cut off")
        self._memory[:] = content


class _Storages(dict[str, _Storage]):
    """The storages of a file by their keys, all together at most `limit` bytes."""

    def __init__(self, limit: int, read: Callable[[str], bytes] | None = None) -> None:
        super().__init__()
        self._room = limit
        self._read = read  # what a storage holds, where that can be told when it is met first

    def find(self, key: str, dtype: torch.dtype, count: int) -> _Storage:
        if key not in self:
            size = count * dtype.itemsize
            if not 0 <= size <= self._room:
                raise pickle.UnpicklingError("a storage of impossible size")
            self._room -= size
            self[key] = _Storage(dtype, size)
            if self._read is not None:
                self[key].fill(self._read(key))
        return self[key]


class _Reader(pickle.Unpickler):
    """An unpickler that knows tensors and containers, and nothing else."""

    def __init__(self, stream: BinaryIO, storages: _Storages) -> None:
        super().__init__(stream)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the pickle stands for here; never the thing itself, unless a plain container."""
        full = f"{module}.{name}"
        if module in ("torch", "torch.storage") and name in _STORAGE_TYPES:
            return _STORAGE_TYPES[name]
        if full in _CONTAINERS:
            return State
        known: dict[str, Any] = {
            "collections.OrderedDict": OrderedDict,
            "builtins.set": set,
            "__builtin__.set": set,
            "torch._utils._rebuild_tensor_v2": lambda *arguments: _view(*arguments),
            "torch._utils._rebuild_tensor": lambda *arguments: _view(*arguments),
            "torch._utils._rebuild_parameter": lambda data, *_: data,
            "torch._utils._rebuild_parameter_with_state": lambda data, *_: data,
        }
        if full not in known:
            raise ForbiddenError(full)
        return known[full]

    def persistent_load(self, pid: Any) -> Any:
        """('storage', type, key, device, count): numbers; ('module', class, …): old files' containers."""
        if pid[0] == "module" and pid[1] is State:
            return State
        kind, dtype, key, _device, count, *_view_of = pid
        if kind != "storage" or not isinstance(dtype, torch.dtype) or not isinstance(count, int):
            raise pickle.UnpicklingError("an unknown kind of reference")
        return self._storages.find(str(key), dtype, count)


def _view(
    storage: _Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: object
) -> Tensor:
    if math.prod(size) > len(storage.flat):
        raise pickle.UnpicklingError("a tensor larger than its storage")
    return torch.as_strided(storage.flat, size, stride, offset)


def _read_zip(path: Path) -> Any:
    """The format since torch 1.6: a zip of `data.pkl` and one file a storage."""
    with zipfile.ZipFile(path) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        pickles = [name for name in sizes if name.endswith("/data.pkl")]
        if sum(sizes.values()) > _MAX_BYTES or len(pickles) != 1:
            raise pickle.UnpicklingError("no data, or far too much")
        root = pickles[0].removesuffix("data.pkl")
        if f"{root}byteorder" in sizes and archive.read(f"{root}byteorder").decode() != sys.byteorder:
            raise pickle.UnpicklingError("of another byte order")
        storages = _Storages(_MAX_BYTES, lambda key: archive.read(f"{root}data/{key}"))
        return _Reader(io.BytesIO(archive.read(pickles[0])), storages).load()


def _read_legacy(path: Path) -> Any:
    """The format before: magic number, version, system, the object, the storages' keys, and their numbers."""
    storages = _Storages(path.stat().st_size)
    with path.open("rb") as stream:
        if _Reader(stream, storages).load() != _LEGACY_MAGIC:
            raise pickle.UnpicklingError("no file of torch's")
        _version, _system, content, keys = (_Reader(stream, storages).load() for _ in range(4))
        for key in keys:
            storage = storages[str(key)]
            (count,) = struct.unpack("<q", stream.read(8))
            if count != len(storage.flat):
                raise pickle.UnpicklingError("a storage of another size")
            storage.fill(stream.read(count * storage.flat.element_size()))
    return content
