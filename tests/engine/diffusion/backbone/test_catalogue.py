"""What `anogen backbone list` and `check` know, without loading anything."""

import json
import shutil
from pathlib import Path

import pytest

from engine.diffusion.backbone import adapted, layout, load_backbone, places, save_adapted
from engine.diffusion.backbone.catalogue import Report, check_backbone, list_backbones
from engine.errors import EngineError
from tests.engine.diffusion.backbone.conftest import BackboneOf, FolderOf
from tests.engine.diffusion.tiny_backbones import KINDS, WIDTH


@pytest.fixture
def embedded(copy_of: FolderOf, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny backbone in the place of the embedded one."""
    folder = copy_of("embedded")
    monkeypatch.setattr(places, "find_resource", lambda _name: folder)
    return folder


@pytest.fixture
def project(tmp_path: Path, copy_of: FolderOf) -> Path:
    """A project with one adapted backbone, whose base is its own `sd1`."""
    base = load_backbone(str(copy_of("sd1")))
    save_adapted(tmp_path / "project", "mine", base, base.unet.state_dict())
    return tmp_path / "project"


def by_reference(reports: list[Report]) -> dict[str, Report]:
    return {report.reference: report for report in reports}


@pytest.mark.parametrize("kind", KINDS)
def test_a_check_tells_the_same_as_loading_it(
    folder_of: FolderOf, backbone_of: BackboneOf, kind: str
) -> None:
    report, backbone = check_backbone(str(folder_of(kind))), backbone_of(kind)
    assert report.is_usable
    assert report.hash == backbone.hash
    assert report.kind == backbone.kind
    assert report.manifest == backbone.manifest
    assert report.is_inpainting == backbone.is_inpainting
    assert report.prediction_type == backbone.schedule.prediction_type
    assert (report.size_px, report.token_dim) == (backbone.size_px, WIDTH)
    assert 100_000 < report.bytes < 1_000_000


def test_a_check_lists_what_is_missing(copy_of: FolderOf) -> None:
    folder = copy_of("sd1")
    shutil.rmtree(folder / "vae")
    (folder / "unet" / "config.json").write_text("{")
    report = check_backbone(str(folder))
    assert not report.is_usable
    assert report.missing == ("unet/config.json (not readable)", "vae/")
    assert report.hash == ""


def test_a_check_of_a_folder_of_something_else_lists_everything(tmp_path: Path) -> None:
    assert len(check_backbone(str(tmp_path)).missing) == 5


def test_a_damaged_manifest_is_listed_too(copy_of: FolderOf) -> None:
    folder = copy_of("embedded")
    (folder / "anogen.json").write_text("{")
    (line,) = check_backbone(str(folder)).missing
    assert line.startswith(f"{folder / 'anogen.json'} cannot be read")


def test_a_check_of_what_is_not_there_fails() -> None:
    with pytest.raises(EngineError, match="There is no backbone “nothing”"):
        check_backbone("nothing")


def test_all_backbones_are_listed_without_reading_their_weights(
    embedded: Path, project: Path, copy_of: FolderOf, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(copy_of("sd2-v"), home / "owner--name")
    (home / "owner--half").mkdir()
    for module in (adapted, layout):
        monkeypatch.setattr(module, "file_hash", lambda *_arguments: pytest.fail("weights were read"))
    reports = by_reference(list_backbones(project))
    assert list(reports) == ["embedded", "owner/half", "owner/name", "backbones/mine"]
    assert reports["embedded"].is_inpainting
    assert reports["owner/name"].prediction_type == "v_prediction"
    assert not reports["owner/half"].is_usable
    assert reports["backbones/mine"].base == str(copy_of_sd1(project))
    assert all(report.hash == "" for report in reports.values())


def copy_of_sd1(project: Path) -> Path:
    return project.parent / "sd1"


def test_without_a_project_no_adapted_one_is_listed(embedded: Path, project: Path) -> None:
    assert list(by_reference(list_backbones())) == ["embedded"]


def test_an_installation_without_the_embedded_one_lists_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> Path:
        raise EngineError(f"“{name}” is missing from this installation.")

    monkeypatch.setattr(places, "find_resource", fail)
    (report,) = list_backbones()
    assert report.missing == ("“backbones/embedded” is missing from this installation.",)


def test_an_adapted_one_is_checked_with_its_base(project: Path) -> None:
    report = check_backbone("backbones/mine", project)
    assert report.is_usable
    assert report.hash == load_backbone("backbones/mine", project).hash
    weights = project / "backbones" / "mine" / "unet" / "diffusion_pytorch_model.safetensors"
    assert report.bytes == weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[:-1])
    assert check_backbone("backbones/mine", project).missing == (
        "unet/diffusion_pytorch_model.safetensors (cut off or damaged)",
    )


def test_an_adapted_one_is_not_usable_on_another_base(project: Path) -> None:
    base = copy_of_sd1(project)
    path = base / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "beta_end": 0.02}))
    report = check_backbone("backbones/mine", project)
    assert report.missing == (f"the version of “{base}” that it was adapted from",)
    shutil.rmtree(base / "vae")
    assert check_backbone("backbones/mine", project).missing == (f"in its base “{base}”: vae/",)
