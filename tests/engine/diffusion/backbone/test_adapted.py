"""Adapted backbones: kept in the project, loaded on top of their base, and refused when that has changed."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.diffusion.backbone import Backbone, load_backbone, save_adapted
from engine.diffusion.backbone.adapted import adapted_hash, find_adapted, read_record
from engine.errors import EngineError

WEIGHTS = Path("backbones/mine/unet/diffusion_pytorch_model.safetensors")
RECORD = Path("backbones/mine/adapted.json")


@pytest.fixture
def adapted(project: Path, base: Path) -> str:
    """The reference of a backbone whose U-Net was changed everywhere, in the project."""
    backbone = load_backbone(str(base))
    return save_adapted(
        project,
        "mine",
        backbone,
        changed(backbone),
        anomaly="crack",
        steps=7,
        created="2025-01-01T00:00:00+00:00",
    )


def changed(backbone: Backbone) -> dict[str, torch.Tensor]:
    return {name: tensor + 0.25 for name, tensor in backbone.unet.state_dict().items()}


def refusal(project: Path | None, reference: str = "backbones/mine") -> EngineError:
    with pytest.raises(EngineError) as told:
        load_backbone(reference, project)
    return told.value


def test_it_is_its_base_with_another_unet(project: Path, base: Path, adapted: str) -> None:
    plain, loaded = load_backbone(str(base)), load_backbone(adapted, project)
    assert adapted == loaded.reference == "backbones/mine"
    for name, tensor in changed(plain).items():
        assert torch.equal(loaded.unet.state_dict()[name], tensor.half().float())
    for network in ("vae", "text_encoder"):
        own, theirs = (getattr(each, network).state_dict() for each in (loaded, plain))
        assert all(torch.equal(own[name], theirs[name]) for name in theirs)
    assert not any(weight.requires_grad for weight in loaded.unet.parameters())
    assert loaded.manifest == plain.manifest


def test_its_hash_is_its_own_and_lasts(project: Path, base: Path, adapted: str) -> None:
    first, again = load_backbone(adapted, project), load_backbone(adapted, project)
    assert first.hash == again.hash
    assert first.hash != load_backbone(str(base)).hash
    other = save_adapted(project, "other", load_backbone(str(base)), first.unet.state_dict())
    assert load_backbone(other, project).hash == first.hash  # the same U-Net on the same base
    weights = load_file(project / WEIGHTS)
    save_file({**weights, "conv_in.bias": weights["conv_in.bias"] + 1}, project / WEIGHTS)
    assert load_backbone(adapted, project).hash != first.hash


def test_the_shipped_backbone_stays_as_it_is(project: Path, base: Path) -> None:
    before = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    backbone = load_backbone(str(base))
    save_adapted(project, "mine", backbone, changed(backbone))
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == before


def test_what_it_was_made_from_is_written_down(project: Path, base: Path, adapted: str) -> None:
    record = read_record(project / adapted)
    assert (record.base, record.base_hash) == (str(base), load_backbone(str(base)).hash)
    assert (record.anomaly, record.steps, record.created) == ("crack", 7, "2025-01-01T00:00:00+00:00")


def test_an_adapted_backbone_that_is_adapted_again_goes_back_to_the_same_base(
    project: Path, base: Path, adapted: str
) -> None:
    loaded = load_backbone(adapted, project)
    again = save_adapted(project, "again", loaded, loaded.unet.state_dict())
    assert read_record(project / again).base == str(base)
    shutil.rmtree(project / adapted)
    assert torch.equal(
        load_backbone(again, project).unet.state_dict()["conv_in.bias"],
        loaded.unet.state_dict()["conv_in.bias"],
    )


def test_a_name_becomes_a_folder_on_every_system(project: Path, base: Path) -> None:
    backbone = load_backbone(str(base))
    reference = save_adapted(project, "crack/2: “new”", backbone, backbone.unet.state_dict())
    assert (project / reference).is_dir()
    assert len(Path(reference).parts) == 2
    assert load_backbone(reference, project).reference == reference


def test_a_changed_base_is_refused(project: Path, base: Path, adapted: str) -> None:
    (base / "tokenizer" / "merges.txt").open("a").close()
    load_backbone(adapted, project)
    with (base / "scheduler" / "scheduler_config.json").open("a") as file:
        file.write(" ")
    error = refusal(project)
    assert error.message.startswith(f"“backbones/mine” was adapted from another version of “{base}”")
    assert "anogen adapt" in error.hint


def test_a_base_that_is_gone_is_told(project: Path, base: Path, adapted: str) -> None:
    shutil.rmtree(base)
    assert refusal(project).message == f"There is no backbone “{base}”."


@pytest.mark.parametrize("gone", [WEIGHTS, RECORD])
def test_half_an_adapted_backbone_is_refused(project: Path, adapted: str, gone: Path) -> None:
    (project / gone).unlink()
    error = refusal(project)
    assert error.message.endswith(f"is not whole; missing: {gone.relative_to('backbones/mine').as_posix()}.")


def test_weights_of_another_network_are_refused(project: Path, adapted: str) -> None:
    weights = load_file(project / WEIGHTS)
    save_file({**weights, "conv_in.bias": torch.zeros(3)}, project / WEIGHTS)
    assert refusal(project).message == f"{project / WEIGHTS} is damaged or of another network."


def test_weights_that_are_cut_off_are_refused(project: Path, adapted: str) -> None:
    (project / WEIGHTS).write_bytes((project / WEIGHTS).read_bytes()[:-10])
    assert refusal(project).message == f"{project / WEIGHTS} is damaged or of another network."


@pytest.mark.parametrize("text", ["", "[]", '{"base": 1}', '{"base": "embedded"}'])
def test_a_damaged_record_is_refused(project: Path, adapted: str, text: str) -> None:
    (project / RECORD).write_text(text)
    assert refusal(project).message.startswith(f"{project / RECORD} cannot be read: ")


def test_a_record_of_a_newer_version_may_say_more(project: Path, adapted: str) -> None:
    record = json.loads((project / RECORD).read_text())
    (project / RECORD).write_text(json.dumps({**record, "rank": 4}))
    assert load_backbone(adapted, project).reference == adapted


def test_an_unknown_one_is_told_with_those_there_are(project: Path, adapted: str) -> None:
    error = refusal(project, "backbones/yours")
    assert error.message == "The project has no adapted backbone “backbones/yours”."
    assert error.hint == "It has “backbones/mine”."


def test_without_a_project_there_is_none() -> None:
    assert refusal(None).message == "“backbones/mine” is an adapted backbone."


def test_the_path_of_one_says_how_to_name_it(
    project: Path, adapted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.parent)
    for path in ("project/backbones/mine", str(project / "backbones" / "mine")):
        for given in (None, project):
            error = refusal(given, path)
            assert error.message == f"{path} is an adapted backbone."
            assert error.hint.endswith(f"anogen backbone check backbones/mine --project {project}")


def test_a_whole_backbone_in_a_folder_of_that_name_is_none(
    project: Path, base: Path, adapted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(base, project / "backbones" / "whole")
    assert find_adapted("backbones/whole", project) is None
    assert load_backbone("backbones/whole", project).hash == load_backbone(str(base)).hash
    monkeypatch.chdir(project)
    assert load_backbone("./backbones/whole").hash == load_backbone(str(base)).hash
    assert find_adapted("backbones/mine", project) == project / "backbones/mine"


@pytest.mark.parametrize("reference", ["embedded", "owner/name", "backbones", "backbones/a/b", ""])
def test_every_other_reference_is_none(project: Path, reference: str) -> None:
    assert find_adapted(reference, project) is None


def test_the_hash_depends_on_base_and_unet() -> None:
    assert len({adapted_hash("a", "b"), adapted_hash("b", "a"), adapted_hash("a", "c")}) == 3
