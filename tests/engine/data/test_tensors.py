"""Tensors on disk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from engine.data.files import remove_unfinished
from engine.data.tensors import save_tensors
from engine.errors import EngineError

_WRITE_FOR_EVER = """
import sys
from pathlib import Path
import torch
from engine.data.tensors import save_tensors
while True:
    save_tensors(Path(sys.argv[1]), {"large": torch.zeros(4_000_000)}, {})
"""


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    path, strided = tmp_path / "deep" / "a.safetensors", torch.arange(6.0).view(2, 3).T
    save_tensors(path, {"strided": strided.requires_grad_()}, {"text": "µ"})
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"text": "µ"}
        assert torch.equal(file.get_tensor("strided"), strided)


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions")
def test_a_folder_that_may_not_be_written_to_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder should be")
    with pytest.raises(EngineError, match=r"Could not write|Cannot write"):
        save_tensors(tmp_path / "file" / "a.safetensors", {"a": torch.zeros(1)}, {})


def test_a_killed_writer_leaves_nothing_that_is_not_swept_up(tmp_path: Path) -> None:
    target = tmp_path / "a.safetensors"
    for wait_s in (0.0, 0.03, 0.07):
        writer = subprocess.Popen([sys.executable, "-c", _WRITE_FOR_EVER, str(target)], env=dict(os.environ))
        while not target.exists() and writer.poll() is None:
            time.sleep(0.01)
        time.sleep(wait_s)
        writer.kill()
        writer.wait()
        remove_unfinished(tmp_path)
        assert [file.name for file in tmp_path.iterdir()] == ["a.safetensors"]
        target.unlink()
