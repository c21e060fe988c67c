"""The hashes of large files are kept, and made anew when the file is another one."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from engine.diffusion.backbone import filehash
from engine.diffusion.backbone.filehash import CACHE_NAME, file_hash


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file in a folder of its own that counts as large."""
    monkeypatch.setattr(filehash, "_LARGE", 4)
    path = tmp_path / "unet" / "weights.bin"
    path.parent.mkdir()
    path.write_bytes(b"12345678")
    return path


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_large_file_is_read_once(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_hash(large, tmp_path) == digest(b"12345678")
    monkeypatch.setattr(filehash, "sha256_of", lambda _path: pytest.fail("read again"))
    assert file_hash(large, tmp_path) == digest(b"12345678")


def test_a_changed_file_is_read_again(large: Path, tmp_path: Path) -> None:
    file_hash(large, tmp_path)
    large.write_bytes(b"87654321")
    os.utime(large, ns=(1, 1))
    assert file_hash(large, tmp_path) == digest(b"87654321")


def test_a_small_file_leaves_no_trace(large: Path, tmp_path: Path) -> None:
    large.write_bytes(b"123")
    assert file_hash(large, tmp_path) == digest(b"123")
    assert not (tmp_path / CACHE_NAME).exists()


@pytest.mark.parametrize("text", ["", "[]", '{"unet/weights.bin": 1}', '{"unet/weights.bin": {}}', "\0"])
def test_a_damaged_cache_is_made_anew(large: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / CACHE_NAME).write_text(text)
    assert file_hash(large, tmp_path) == digest(b"12345678")
    assert json.loads((tmp_path / CACHE_NAME).read_text())["unet/weights.bin"]["sha256"] == digest(
        b"12345678"
    )


@pytest.mark.skipif(os.name == "nt", reason="folders are not closed to writing there")
def test_a_folder_that_cannot_be_written_to_still_has_hashes(large: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert file_hash(large, tmp_path) == digest(b"12345678")
    finally:
        tmp_path.chmod(0o700)
