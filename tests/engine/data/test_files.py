import errno
import os
from pathlib import Path

import pytest

from engine.data.files import (
    list_files,
    list_paths,
    remove_unfinished,
    safe_name,
    sha256_of,
    write_atomically,
    write_json,
)
from engine.errors import EngineError


def write_half(target: Path, error: Exception) -> None:
    with write_atomically(target) as temporary:
        temporary.write_text("half")
        raise error


def test_a_file_appears_whole_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file.txt"
    with write_atomically(target) as temporary:
        temporary.write_text("new")
        assert temporary.parent == target.parent
        assert not target.exists()
    assert target.read_text() == "new"
    assert [file.name for file in target.parent.iterdir()] == ["file.txt"]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    target.write_text("old")
    with pytest.raises(KeyError):
        write_half(target, KeyError())
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "Cannot write to"), (errno.EIO, "Could not")],
)
def test_the_systems_refusal_becomes_a_sentence(tmp_path: Path, number: int, words: str) -> None:
    target = tmp_path / "file.txt"
    with pytest.raises(EngineError, match=words) as caught:
        write_half(target, OSError(number, os.strerror(number)))
    assert str(tmp_path) in caught.value.message
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_json_is_laid_out_for_people(tmp_path: Path) -> None:
    write_json(tmp_path / "deep" / "file.json", {"scores": {"ü.png": 0.5}})
    assert (tmp_path / "deep" / "file.json").read_text("utf-8") == (
        '{\n  "scores": {\n    "ü.png": 0.5\n  }\n}\n'
    )


def test_a_missing_source_is_not_taken_for_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), write_atomically(tmp_path / "file.txt"):
        (tmp_path / "none").read_bytes()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("crack", "crack"),
        ("two words/and:more", "two_words_and_more"),
        ("Riß größer", "Riß_größer"),
        ("..", "unnamed"),
        (".hidden", "hidden"),
        ("NUL", "NUL_"),
        ("com1.txt", "com1.txt_"),
        ("anomaly-1.2", "anomaly-1.2"),
        ("  ", "unnamed"),
    ],
)
def test_names_are_safe_on_every_system(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut() -> None:
    assert len(safe_name("x" * 500)) == 120


def test_sha256_is_the_hash_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    assert sha256_of(tmp_path / "f") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_unfinished_files_are_removed_and_hidden_ones_not_listed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".writing-12345678-x.png").write_bytes(b"half")
    (tmp_path / "a" / ".DS_Store").write_bytes(b"")
    (tmp_path / "a" / "x.png").write_bytes(b"")
    assert list_files(tmp_path) == [tmp_path / "a" / "x.png"]
    remove_unfinished(tmp_path)
    assert {file.name for file in (tmp_path / "a").iterdir()} == {".DS_Store", "x.png"}
    assert list_files(tmp_path / "none") == list_paths(tmp_path / "none") == []


def test_files_are_listed_relative_to_a_folder(tmp_path: Path) -> None:
    for name in ("b.png", "a/deep/x.png", "a/.hidden/y.png", ".z.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert list_paths(tmp_path) == ["a/deep/x.png", "b.png"]
    assert [tmp_path / path for path in list_paths(tmp_path)] == list_files(tmp_path)
