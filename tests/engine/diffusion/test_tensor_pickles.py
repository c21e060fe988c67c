"""Pickles of torch's are read as tensors and containers; what would run code is refused, and runs nothing."""

import io
import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from engine.diffusion import tensor_pickles
from engine.diffusion.tensor_pickles import State, read_tensor_pickle
from engine.errors import EngineError

Write = Callable[[Any], Path]


@pytest.fixture(params=["zip", "legacy"])
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Write:
    """Saves a thing as torch does now, and as it did before 1.6."""

    def save(thing: Any) -> Path:
        path = tmp_path / "thing.pt"
        torch.save(thing, path, _use_new_zipfile_serialization=request.param == "zip")
        return path

    return save


def refusal(path: Path) -> EngineError:
    with pytest.raises(EngineError) as told:
        read_tensor_pickle(path)
    return told.value


class Calls:
    """Pickled as a call of `function`."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._call


@pytest.mark.parametrize(
    "dtype",
    [
        torch.float32,
        torch.float64,
        torch.float16,
        torch.bfloat16,
        torch.int64,
        torch.int32,
        torch.uint8,
        torch.bool,
    ],
)
def test_tensors_of_every_kind_are_read(write: Write, dtype: torch.dtype) -> None:
    tensor = torch.arange(12).reshape(3, 4).to(dtype)
    read = read_tensor_pickle(write(tensor))
    assert read.dtype == dtype
    assert torch.equal(read, tensor)


def test_a_tensor_of_nothing_is_read(write: Write) -> None:
    assert read_tensor_pickle(write(torch.zeros(0, 3))).shape == (0, 3)


def test_views_are_read_as_views(write: Write) -> None:
    whole = torch.arange(24.0).reshape(4, 6)
    views = {
        "turned": whole.T,
        "part": whole[1:3, ::2],
        "number": whole[2, 3],
        "wide": whole[:1].expand(3, 6),
    }
    read = read_tensor_pickle(write(views))
    assert all(torch.equal(read[name], view) for name, view in views.items())
    assert read["turned"].data_ptr() == read["number"].data_ptr() - 15 * 4


def test_containers_are_read(write: Write) -> None:
    thing = {"a": [torch.ones(2), 3, None, "text"], "b": OrderedDict(c=(1.5, True)), 4: {5, 6}}
    read = read_tensor_pickle(write(thing))
    assert torch.equal(read["a"][0], torch.ones(2))
    assert read["a"][1:] == [3, None, "text"]
    assert (read["b"], read[4]) == (OrderedDict(c=(1.5, True)), {5, 6})


def test_parameters_are_tensors_and_modules_are_lifeless(write: Write) -> None:
    module = nn.ParameterDict({"*": nn.Parameter(torch.arange(3.0))})
    read = read_tensor_pickle(write({"params": module, "one": nn.Parameter(torch.ones(2))}))
    assert type(read["params"]) is State
    assert torch.equal(read["params"].attributes["_parameters"]["*"], torch.arange(3.0))
    assert torch.equal(read["one"], torch.ones(2))


@pytest.mark.parametrize(
    ("function", "arguments", "named"),
    [
        (os.mkdir, ("it-ran",), "posix.mkdir"),
        (eval, ("open('it-ran', 'w')",), "builtins.eval"),
        (exec, ("open('it-ran', 'w')",), "builtins.exec"),
        (getattr, ("text", "format"), "builtins.getattr"),
        (__import__, ("this",), f"builtins.{__import__.__name__}"),  # PySide6 puts its own there
        (torch.load, ("other.pt",), "torch.serialization.load"),
        (nn.Linear, (2, 2), "torch.nn.modules.linear.Linear"),
        (bytearray, (10**12,), "builtins.bytearray"),
    ],
)
def test_what_would_run_code_is_refused_and_runs_nothing(
    write: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write({"*": torch.zeros(1, 8), "more": Calls(function, *arguments)})
    error = refusal(path)
    assert error.message.startswith(f"{path} was not opened: it holds more than tensors (")
    assert named in error.message.replace("__builtin__", "builtins").replace("(nt.", "(posix.")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["thing.pt"]


def test_a_plain_pickle_that_would_run_code_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        path = tmp_path / "plain.pt"
        path.write_bytes(pickle.dumps(Calls(os.mkdir, "it-ran"), protocol))
        assert "holds more than tensors" in refusal(path).message
        assert not (tmp_path / "it-ran").exists()


def test_known_names_give_no_way_out(tmp_path: Path) -> None:
    """`torch._utils` and `collections` are modules with more in them than the two names that are known."""
    for name in (
        "torch._utils\n_import_dotted_name",
        "collections\nOrderedDict.__init__",
        "torch\nFloatTensor",
    ):
        path = tmp_path / "thing.pt"
        path.write_bytes(f"c{name}\n.".encode())
        assert "holds more than tensors" in refusal(path).message


def test_states_are_not_run(tmp_path: Path) -> None:
    """An attribute named like a method stays an attribute."""
    body = b"ctorch.nn.modules.container\nParameterDict\n)\x81}(U\x0c__setstate__U\x04evilU\x01aU\x01bub."
    (tmp_path / "thing.pt").write_bytes(magic() + version() + version() + b"\x80\x02" + body + b"\x80\x02].")
    read = read_tensor_pickle(tmp_path / "thing.pt")
    assert read.attributes == {"__setstate__": "evil", "a": "b"}


# --- damaged and hostile files ---------------------------------------------------------------------------


def magic() -> bytes:
    """What an old file begins with."""
    return pickle.dumps(0x1950A86A20F9469CFC6C, 2)


def version() -> bytes:
    return pickle.dumps(1001, 2)


def write_zip(path: Path, content: bytes, **storages: bytes) -> Path:
    """A file of the new format with any pickle in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", content)
        for key, storage in storages.items():
            archive.writestr(f"archive/data/{key}", storage)
    return path


class Reference:
    """A storage that a hostile pickle refers to."""

    def __init__(self, key: str, count: Any, kind: Any = torch.FloatStorage) -> None:
        self.pid = "storage", kind, key, "cpu", count


class HostilePickler(pickle._Pickler):
    """Writes references to storages that need not be there, and tensors that do not fit into them."""

    def persistent_id(self, thing: object) -> Any:
        return thing.pid if isinstance(thing, Reference) else None


def hostile(thing: Any) -> bytes:
    stream = io.BytesIO()
    HostilePickler(stream, 2).dump(thing)
    return stream.getvalue()


def tensor(reference: Reference, *place: Any) -> Calls:
    """A tensor at `place` (offset, size, stride) in a storage."""
    return Calls(torch._utils._rebuild_tensor_v2, reference, *place, False, OrderedDict())


def test_a_well_made_hostile_file_would_be_read(tmp_path: Path) -> None:
    content = hostile(tensor(Reference("a", 2), 0, (1, 2), (2, 1)))
    path = write_zip(tmp_path / "thing.pt", content, a=struct.pack("<2f", 1.5, 2.5))
    assert torch.equal(read_tensor_pickle(path), torch.tensor([[1.5, 2.5]]))


@pytest.mark.parametrize(
    ("count", "place"),
    [
        (2, (0, (2, 2), (2, 1))),  # more than there is
        (2, (1, (2,), (1,))),  # past the end
        (2, (0, (2,), (5,))),  # past the end by its stride
        (2, (1, (2,), (-1,))),  # backwards
        (2, (-1, (1,), (1,))),  # before the beginning
        (2, (0, (10**6, 10**6), (0, 0))),  # a little, a million times over
        (2, (0, (-1,), (1,))),
        (2, (0, ("2",), (1,))),
        (3, (0, (1,), (1,))),  # a storage larger than its file
        (10**15, (0, (1,), (1,))),
        (-2, (0, (1,), (1,))),
        ("2", (0, (1,), (1,))),
    ],
)
def test_tensors_stay_within_what_the_file_holds(tmp_path: Path, count: Any, place: tuple[Any, ...]) -> None:
    content = hostile(tensor(Reference("a", count), *place))
    path = write_zip(tmp_path / "thing.pt", content, a=struct.pack("<2f", 1.5, 2.5))
    assert refusal(path).message == f"{path} is damaged, or was not written by torch."


def test_a_storage_that_is_not_there_is_told(tmp_path: Path) -> None:
    content = hostile(tensor(Reference("../../etc/passwd", 2), 0, (2,), (1,)))
    assert "is damaged" in refusal(write_zip(tmp_path / "thing.pt", content)).message


def test_a_small_file_cannot_take_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_pickles, "_MAX_BYTES", 10_000)
    zeros = write_zip(tmp_path / "zeros.pt", hostile([]), a=bytes(20_000))
    assert zeros.stat().st_size < 1000
    assert "is damaged" in refusal(zeros).message
    once = tensor(Reference("a", 1500), 0, (1500,), (1,))
    again = [tensor(Reference("a", 1500), 0, (1500,), (1,)) for _ in range(3)]
    path = write_zip(tmp_path / "thing.pt", hostile([once, *again]), a=bytes(6000))
    read = read_tensor_pickle(path)
    assert len({each.data_ptr() for each in read}) == 1


def test_an_old_file_cannot_claim_more_than_it_holds(tmp_path: Path) -> None:
    claimed = [tensor(Reference(str(key), 20), 0, (20,), (1,)) for key in range(50)]
    path = tmp_path / "thing.pt"
    path.write_bytes(magic() + version() + version() + hostile(claimed[:1]) + pickle.dumps(["0"], 2))
    assert "is damaged" in refusal(path).message  # the numbers themselves are missing
    path.write_bytes(magic() + version() + version() + hostile(claimed) + pickle.dumps([], 2))
    assert path.stat().st_size < 50 * 20 * 4
    assert "is damaged" in refusal(path).message


def test_a_large_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_pickles, "_MAX_BYTES", 100)
    path = tmp_path / "model.ckpt"
    path.write_bytes(bytes(101))
    assert "far too large" in refusal(path).message


def test_every_way_to_cut_a_file_is_told(write: Write) -> None:
    path = write({"*": torch.arange(32.0).reshape(1, 32)})
    content = path.read_bytes()
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        assert refusal(path).message == f"{path} is damaged, or was not written by torch."


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x02}.", bytes(100), b"PK\x03\x04" + bytes(50)])
def test_what_is_no_file_of_torch_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "thing.pt").write_bytes(content)
    assert "was not written by torch" in refusal(tmp_path / "thing.pt").message


def test_numbers_of_another_byte_order_are_refused(tmp_path: Path) -> None:
    torch.save(torch.ones(2), tmp_path / "thing.pt")
    with zipfile.ZipFile(tmp_path / "thing.pt") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "thing.pt", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, b"big" if name.endswith("byteorder") else content)
    assert "is damaged" in refusal(tmp_path / "thing.pt").message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.pt").message == f"There is no file {tmp_path / 'none.pt'}."
