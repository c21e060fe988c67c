"""Backbones adapted by an adapter: a small file in the project, merged into its base when it is loaded."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.diffusion.backbone import Backbone, load_backbone, save_adapted
from engine.diffusion.backbone.adapted import read_record
from engine.diffusion.backbone.catalogue import check_backbone, list_backbones
from engine.errors import EngineError
from tests.engine.diffusion.backbone.conftest import FolderOf
from tests.engine.diffusion.backbone.test_trained_part import output, trained, weights

KINDS = ("ldm", "sd1", "sd1-inpaint", "sd2-v")
WEIGHTS = Path("backbones/mine/unet/pytorch_lora_weights.safetensors")
RECORD = Path("backbones/mine/adapted.json")


@pytest.fixture
def adapted(project: Path, base: Path) -> str:
    return adapt(project, str(base))[0]


def adapt(project: Path, reference: str, name: str = "mine", rank: int = 4) -> tuple[str, Backbone]:
    """The reference of what was saved, and the backbone with its adapter still beside the weights."""
    backbone = load_backbone(reference, project)
    return save_adapted(project, name, backbone, trained(backbone.unet, rank).tensors()), backbone


def refusal(project: Path, reference: str = "backbones/mine") -> str:
    with pytest.raises(EngineError) as told:
        load_backbone(reference, project)
    assert "anogen adapt" in told.value.hint
    return told.value.message


def rewrite(path: Path, **changed: Tensor) -> None:
    save_file({**load_file(path), **changed}, path)


# --- kept and loaded -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_loaded_draws_what_was_learned(project: Path, copy_of: FolderOf, kind: str) -> None:
    base = copy_of(kind)
    reference, learned = adapt(project, str(base))
    loaded = load_backbone(reference, project)
    torch.testing.assert_close(output(loaded), output(learned), rtol=0, atol=1e-5)
    plain = load_backbone(str(base))
    assert (output(loaded) - output(plain)).abs().mean() > 0.01
    assert list(loaded.unet.state_dict()) == list(plain.unet.state_dict()), (
        "nothing is left beside the weights"
    )
    assert not any(weight.requires_grad for weight in loaded.unet.parameters())
    for network in ("vae", "text_encoder"):
        own, theirs = (getattr(each, network).state_dict() for each in (loaded, plain))
        assert all(torch.equal(own[name], theirs[name]) for name in theirs)


def test_only_the_adapter_is_kept_and_its_rank(project: Path, base: Path, adapted: str) -> None:
    tensors = load_file(project / WEIGHTS)
    assert all(".lora_A." in name or ".lora_B." in name for name in tensors)
    files = sorted(path.relative_to(project) for path in project.rglob("*") if path.is_file())
    assert files == sorted([RECORD, WEIGHTS])
    record = read_record(project / adapted)
    assert (record.base, record.base_hash) == (str(base), load_backbone(str(base)).hash)
    assert record.adapter_rank == 4
    assert json.loads((project / RECORD).read_text())["adapter_rank"] == 4


def test_the_backbone_that_was_adapted_stays_as_it_is(project: Path, base: Path) -> None:
    before = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    plain = weights(load_backbone(str(base)).unet)
    _, learned = adapt(project, str(base))
    after = {name.replace(".base_layer", ""): tensor for name, tensor in learned.unet.state_dict().items()}
    assert all(torch.equal(after[name], plain[name]) for name in plain)
    load_backbone("backbones/mine", project)
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == before


def test_its_hash_covers_base_and_adapter(project: Path, base: Path, adapted: str) -> None:
    first = load_backbone(adapted, project).hash
    assert load_backbone(adapted, project).hash == first != load_backbone(str(base)).hash
    assert load_backbone(adapt(project, str(base), "again")[0], project).hash == first
    name, tensor = next(iter(load_file(project / WEIGHTS).items()))
    rewrite(project / WEIGHTS, **{name: tensor + 1})
    assert load_backbone(adapted, project).hash != first


# --- adapted again -------------------------------------------------------------------------------------


def test_an_adapter_on_an_adapted_backbone_keeps_what_is_beneath_it(project: Path, base: Path) -> None:
    first, _ = adapt(project, str(base))
    second, learned = adapt(project, first, "second", rank=2)
    assert read_record(project / second).base == first
    loaded = load_backbone(second, project)
    torch.testing.assert_close(output(loaded), output(learned), rtol=0, atol=1e-5)
    report = check_backbone(second, project)
    assert (report.hash, report.base, report.is_usable) == (loaded.hash, first, True)
    assert loaded.reference == second

    name, tensor = next(iter(load_file(project / WEIGHTS).items()))
    rewrite(project / WEIGHTS, **{name: tensor + 1})
    assert refusal(project, second).startswith(f"“{second}” was adapted from another version of “{first}”")
    assert check_backbone(second, project).missing == (f"the version of “{first}” that it was adapted from",)
    (project / WEIGHTS).unlink()
    assert "is not whole; missing: unet/pytorch_lora_weights" in refusal(project, second)


def test_a_whole_unet_on_one_needs_it_no_more(project: Path, base: Path, adapted: str) -> None:
    loaded = load_backbone(adapted, project)
    whole = save_adapted(project, "whole", loaded, loaded.unet.state_dict())
    assert read_record(project / whole).base == str(base)
    (project / WEIGHTS).unlink()
    half = {name: tensor.half().float() for name, tensor in loaded.unet.state_dict().items()}
    unet = load_backbone(whole, project).unet.state_dict()
    assert all(torch.equal(unet[name], half[name]) for name in half)


def test_one_that_names_itself_is_refused(project: Path, adapted: str) -> None:
    record = json.loads((project / RECORD).read_text())
    (project / RECORD).write_text(json.dumps({**record, "base": adapted}))
    assert refusal(project) == f"{project / RECORD} says that it was adapted from itself."
    assert "adapted from itself" in list_backbones(project)[-1].missing[0]


# --- damaged -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [WEIGHTS, RECORD])
def test_half_of_one_is_refused(project: Path, adapted: str, gone: Path) -> None:
    (project / gone).unlink()
    assert refusal(project).endswith(
        f"is not whole; missing: {gone.relative_to('backbones/mine').as_posix()}."
    )


def test_one_that_is_cut_off_is_refused(project: Path, adapted: str) -> None:
    (project / WEIGHTS).write_bytes((project / WEIGHTS).read_bytes()[:-10])
    assert refusal(project) == f"{project / WEIGHTS} is damaged or of another network."
    assert check_backbone(adapted, project).missing == (
        "unet/pytorch_lora_weights.safetensors (cut off or damaged)",
    )


@pytest.mark.parametrize("change", ["shape", "further", "nan", "rank"])
def test_one_that_does_not_fit_is_refused(project: Path, adapted: str, change: str) -> None:
    name, tensor = next(iter(load_file(project / WEIGHTS).items()))
    if change == "rank":
        record = json.loads((project / RECORD).read_text())
        (project / RECORD).write_text(json.dumps({**record, "adapter_rank": 8}))
    else:
        rewrite(
            project / WEIGHTS,
            **{
                "shape": {name: tensor[:, :3].contiguous()},
                "further": {"elsewhere.lora_A.weight": tensor},
                "nan": {name: torch.full_like(tensor, torch.nan)},
            }[change],
        )
    assert refusal(project) == f"{project / WEIGHTS} is damaged or of another network."


@pytest.mark.parametrize("rank", ["-1", "100000", '"much"'])
def test_a_rank_that_is_none_is_refused(project: Path, adapted: str, rank: str) -> None:
    text = (project / RECORD).read_text()
    (project / RECORD).write_text(text.replace('"adapter_rank": 4', f'"adapter_rank": {rank}'))
    assert refusal(project).startswith(f"{project / RECORD} cannot be read: ")


# --- listed --------------------------------------------------------------------------------------------


def test_it_is_told_with_its_base_and_its_own_size(project: Path, base: Path, adapted: str) -> None:
    report = check_backbone(adapted, project)
    assert report.is_usable
    assert (report.hash, report.base) == (load_backbone(adapted, project).hash, str(base))
    assert report.adapter_rank == 4
    assert report.bytes == (project / WEIGHTS).stat().st_size
    listed = list_backbones(project)[-1]
    assert (listed.reference, listed.base, listed.adapter_rank) == (adapted, str(base), 4)
    assert check_backbone(str(base)).adapter_rank == 0
