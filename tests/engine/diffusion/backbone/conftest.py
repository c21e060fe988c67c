"""Tiny backbones, each built once; whoever changes one takes a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.diffusion.backbone import Backbone, load_backbone
from tests.engine.diffusion.tiny_backbones import build

FolderOf = Callable[[str], Path]
BackboneOf = Callable[[str], Backbone]


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> FolderOf:
    """The folder of a kind's backbone, for reading only."""
    root = tmp_path_factory.mktemp("backbones")

    def find(kind: str) -> Path:
        folder = root / kind
        return folder if folder.exists() else build(kind, folder)

    return find


@pytest.fixture(scope="session")
def backbone_of(folder_of: FolderOf) -> BackboneOf:
    """A kind's backbone, loaded; its weights stay as they are."""
    loaded: dict[str, Backbone] = {}

    def find(kind: str) -> Backbone:
        if kind not in loaded:
            loaded[kind] = load_backbone(str(folder_of(kind)))
        return loaded[kind]

    return find


@pytest.fixture
def copy_of(folder_of: FolderOf, tmp_path: Path) -> FolderOf:
    """A copy of a kind's backbone, to be changed."""
    return lambda kind: Path(shutil.copytree(folder_of(kind), tmp_path / kind))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def base(copy_of: FolderOf) -> Path:
    """The folder of a backbone that is to be adapted."""
    return copy_of("sd1")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of downloaded backbones; what this computer has is not looked at."""
    monkeypatch.setenv("ANOGEN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub-cache"))
    return tmp_path / "home" / "backbones"
