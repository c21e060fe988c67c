"""Where a backbone is found, by whatever name it is asked for."""

from pathlib import Path

import pytest
from huggingface_hub.errors import IncompleteSnapshotError

from engine.diffusion.backbone import places
from engine.diffusion.backbone.places import (
    backbones_home,
    download_folder,
    downloaded,
    find_backbone,
    is_hub_id,
)
from engine.errors import EngineError


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("CompVis/ldm-text2im-large-256", True),
        ("a/b.c_d-1", True),
        ("embedded", False),
        ("/abs/path", False),
        ("a/b/c", False),
        ("../b", False),
        ("a/..", False),
        ("a/b\n", False),
        ("", False),
    ],
)
def test_a_hub_id_is_an_owner_and_a_name(reference: str, expected: bool) -> None:
    assert is_hub_id(reference) is expected


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/anogen/backbones"),
        ("linux", {"HOME": "/home/ann"}, "/home/ann/.local/share/anogen/backbones"),
        ("darwin", {"HOME": "/Users/ann"}, "/Users/ann/Library/Application Support/anogen/backbones"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/anogen/backbones"),
        ("win32", {"HOME": "/ann"}, "/ann/AppData/Local/anogen/backbones"),
        ("linux", {"ANOGEN_HOME": "/big/disk"}, "/big/disk/backbones"),
    ],
)
def test_each_system_has_its_place(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: str
) -> None:
    for name in ("ANOGEN_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(places.sys, "platform", platform)
    assert backbones_home() == Path(expected)


def test_a_folder_is_looked_for_here_then_in_the_project_then_at_home(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, project = tmp_path / "here", tmp_path / "project"
    for folder in (here, project / "model", home / "model"):
        folder.mkdir(parents=True)
    monkeypatch.chdir(here)
    assert find_backbone("model") == (home / "model").resolve()
    assert find_backbone("model", project) == (project / "model").resolve()
    (here / "model").mkdir()
    assert find_backbone("model", project) == (here / "model").resolve()
    assert find_backbone(str(project / "model")) == (project / "model").resolve()


def test_the_users_own_folder_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "model").mkdir()
    assert find_backbone("~/model") == (tmp_path / "model").resolve()
    with pytest.raises(EngineError, match="no backbone “~nobody-of-that-name/model”"):
        find_backbone("~nobody-of-that-name/model")


def test_a_download_is_found_by_its_id(home: Path) -> None:
    folder = download_folder("owner/some--name")
    folder.mkdir(parents=True)
    (home / "own").mkdir()
    (home / "a--file").write_text("x")
    assert downloaded() == {"owner/some--name": folder}
    assert find_backbone("owner/some--name") == folder


def test_what_another_program_has_downloaded_is_found_in_the_hubs_cache(tmp_path: Path) -> None:
    commit = "0" * 40
    snapshot = tmp_path / "hub-cache" / "models--owner--name" / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "model_index.json").write_text("{}")
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text(commit)
    assert find_backbone("owner/name") == snapshot


def test_a_part_of_a_model_in_the_hubs_cache_is_found_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_hub_id: str, local_files_only: bool) -> str:
        assert local_files_only
        raise IncompleteSnapshotError("README.md is missing", snapshot_path=str(tmp_path))

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    assert find_backbone("owner/name") == tmp_path


def test_a_hub_id_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(EngineError, match="“owner/name” is not on this computer") as told:
        find_backbone("owner/name")
    assert told.value.hint.endswith("anogen backbone download owner/name")


def test_a_slip_of_the_pen_gets_a_suggestion() -> None:
    with pytest.raises(EngineError, match="There is no backbone “embeded”") as told:
        find_backbone("embeded")
    assert told.value.hint == "Did you mean “embedded”?"


@pytest.mark.parametrize("reference", ["", "xyz", "/nowhere/at/all"])
def test_an_unknown_name_says_where_to_look(reference: str) -> None:
    with pytest.raises(EngineError, match=f"There is no backbone “{reference}”") as told:
        find_backbone(reference)
    assert "anogen backbone list" in told.value.hint


def test_a_file_is_no_backbone(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"x")
    with pytest.raises(EngineError, match="is a file") as told:
        find_backbone(str(path))
    assert "folder" in told.value.hint
