import errno
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.data import files
from engine.data.checkpoint import Progressed, load_checkpoint, load_progress, save_checkpoint
from engine.errors import EngineError

TENSORS = {
    "vectors": torch.tensor([[0.1, -2.5e-30]]),
    "step": torch.tensor(7.0),
    "kernel": torch.randn(2, 3, 3, 3, generator=torch.Generator().manual_seed(0)),
}
PROGRESS = Progressed(7, [(5, 0.1 + 0.2), (7, 1e-17)])


def test_what_is_loaded_is_what_was_saved_bit_for_bit(tmp_path: Path) -> None:
    path = tmp_path / "run" / "checkpoint.safetensors"
    mixed = TENSORS | {"kernel": TENSORS["kernel"].to(memory_format=torch.channels_last)}
    save_checkpoint(path, mixed, PROGRESS)
    found = load_checkpoint(path)
    assert found is not None
    tensors, progress = found
    assert tensors.keys() == TENSORS.keys()
    assert all(torch.equal(tensors[name], TENSORS[name]) for name in TENSORS)
    assert progress == PROGRESS
    assert load_progress(path) == PROGRESS
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_none_where_there_is_none(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path / "none.safetensors") is None
    assert load_progress(tmp_path / "none.safetensors") is None


@pytest.mark.parametrize("length", [0, 4, 40, -8])
def test_none_where_it_cannot_be_read(tmp_path: Path, length: int) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_checkpoint(path, TENSORS, PROGRESS)
    path.write_bytes(path.read_bytes()[:length])
    assert load_checkpoint(path) is None


def test_none_where_it_does_not_say_how_far_it_got(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file(TENSORS, path)
    assert load_checkpoint(path) is None


def test_a_full_disk_is_told_and_leaves_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_checkpoint(path, TENSORS, PROGRESS)

    def run_out_of_space(_path: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "_flush", run_out_of_space)
    with pytest.raises(EngineError, match="disk is full"):
        save_checkpoint(path, TENSORS, Progressed(8))
    assert load_progress(path) == PROGRESS
    assert list(tmp_path.iterdir()) == [path]
