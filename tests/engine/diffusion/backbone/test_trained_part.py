"""What is trained of a U-Net: all of it, or an adapter, which can be merged so that nothing of it is felt."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.backbone.trained_part import Adapter, WholeUnet, adapter_rank, stored, trained_part
from tests.engine.diffusion.backbone.conftest import FolderOf
from tests.engine.diffusion.tiny_backbones import KINDS

PROJECTIONS = ("to_q.weight", "to_k.weight", "to_v.weight", "to_out.0.weight")
FIRST = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"


@pytest.fixture
def backbone(folder_of: FolderOf) -> Backbone:
    """One whose U-Net may be changed."""
    return load_backbone(str(folder_of("sd1")))


def weights(unet: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in unet.state_dict().items()}


def trained(unet: nn.Module, rank: int = 4) -> Adapter:
    """An adapter as it may be after some training: one that matters."""
    adapter = Adapter(unet, rank, seed=0)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in adapter.parameters():
            weight += 0.3 * torch.randn(weight.shape, generator=generator)
    return adapter


@torch.no_grad()
def output(backbone: Backbone) -> Tensor:
    """Of the U-Net, for fixed latents and a prompt."""
    generator = torch.Generator().manual_seed(2)
    shape = (2, int(backbone.unet.config.in_channels), 4, 4)  # type: ignore[union-attr, arg-type]
    latents = torch.randn(shape, generator=generator)
    context = backbone.context("a crack").expand(2, -1, -1)
    return backbone.unet(latents, torch.tensor([5, 900]), encoder_hidden_states=context).sample


# --- an adapter ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_merged_it_draws_the_same_and_only_the_projections_are_others(folder_of: FolderOf, kind: str) -> None:
    backbone = load_backbone(str(folder_of(kind)))
    plain, before = output(backbone), weights(backbone.unet)
    adapter = trained(backbone.unet)
    beside = output(backbone)
    assert (beside - plain).abs().mean() > 0.01, "it matters"
    adapter.merge()
    torch.testing.assert_close(output(backbone), beside, rtol=0, atol=1e-5)
    after = backbone.unet.state_dict()
    assert list(after) == list(before)
    changed = {name for name in before if not torch.equal(after[name], before[name])}
    assert changed == {name for name in before if name.endswith(PROJECTIONS)}


def test_a_new_one_changes_nothing_and_leaves_the_weights_beside_it_alone(backbone: Backbone) -> None:
    plain, before = output(backbone), weights(backbone.unet)
    Adapter(backbone.unet, 4, seed=0)
    assert torch.equal(output(backbone), plain)
    now = {name.replace(".base_layer", ""): tensor for name, tensor in backbone.unet.state_dict().items()}
    assert all(torch.equal(now[name], before[name]) for name in before)


def test_only_its_own_weights_get_a_gradient(backbone: Backbone) -> None:
    backbone.unet.requires_grad_(True)
    adapter = Adapter(backbone.unet, 4, seed=0)
    trainable = [weight for weight in backbone.unet.parameters() if weight.requires_grad]
    assert [id(weight) for weight in trainable] == [id(weight) for weight in adapter.parameters()]
    adapter.merge()
    assert not any(weight.requires_grad for weight in backbone.unet.parameters())


def test_its_tensors_are_a_pair_for_each_projection(backbone: Backbone) -> None:
    tensors = Adapter(backbone.unet, 5, seed=0).tensors()
    pairs = {name.rpartition(".lora_")[0] for name in tensors}
    assert len(pairs) == sum(name.endswith(PROJECTIONS) for name in load_again(backbone).unet.state_dict())
    assert len(tensors) == 2 * len(pairs)
    assert tensors[f"{FIRST}.lora_A.weight"].shape == (5, 8)
    assert not tensors[f"{FIRST}.lora_B.weight"].any()
    assert adapter_rank(tensors) == 5


def load_again(backbone: Backbone) -> Backbone:
    return load_backbone(backbone.reference)


def test_the_seed_decides_how_it_starts_and_no_other_random_number_moves(backbone: Backbone) -> None:
    state = torch.get_rng_state()
    first = Adapter(backbone.unet, 4, seed=0).tensors()
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(99)
    again = Adapter(load_again(backbone).unet, 4, seed=0).tensors()
    other = Adapter(load_again(backbone).unet, 4, seed=1).tensors()
    name = f"{FIRST}.lora_A.weight"
    assert torch.equal(first[name], again[name])
    assert not torch.equal(first[name], other[name])


def test_another_takes_its_tensors(backbone: Backbone) -> None:
    tensors = {name: tensor.clone() for name, tensor in trained(backbone.unet).tensors().items()}
    other = load_again(backbone)
    adapter = Adapter(other.unet, 4, seed=7)
    adapter.load(tensors)
    assert torch.equal(output(other), output(backbone))
    assert all(torch.equal(tensor, tensors[name]) for name, tensor in adapter.tensors().items())


def test_the_tensors_of_another_rank_or_network_are_refused(backbone: Backbone) -> None:
    tensors = trained(backbone.unet).tensors()
    name, tensor = next(iter(tensors.items()))
    for wrong in (
        {},
        {**tensors, name: tensor[:2]},
        {**tensors, "further.lora_A.weight": tensor},
        {key: value for key, value in tensors.items() if key != name},
    ):
        with pytest.raises(ValueError, match="of another adapter"):
            Adapter(load_again(backbone).unet, 4, seed=0).load(wrong)


def test_one_with_no_numbers_is_not_merged(backbone: Backbone) -> None:
    adapter = trained(backbone.unet)
    with torch.no_grad():
        adapter.parameters()[0].fill_(torch.nan)
    with pytest.raises(ValueError, match="NaN"):
        adapter.merge()


def test_diffusers_loads_its_file_too(backbone: Backbone, tmp_path: Path) -> None:
    save_file(stored(trained(backbone.unet).tensors()), tmp_path / "pytorch_lora_weights.safetensors")
    other = load_again(backbone)
    other.unet.load_lora_adapter(  # type: ignore[operator]
        str(tmp_path), weight_name="pytorch_lora_weights.safetensors", prefix=None, local_files_only=True
    )
    torch.testing.assert_close(output(other), output(backbone), rtol=0, atol=1e-6)


# --- a whole U-Net, and what both have in common --------------------------------------------------------


def test_rank_zero_is_the_whole_unet(backbone: Backbone) -> None:
    before = weights(backbone.unet)
    part = trained_part(backbone.unet, 0)
    assert isinstance(part, WholeUnet)
    assert len(part.parameters()) == len(part.tensors()) == len(before)
    assert adapter_rank(part.tensors()) == 0
    part.load({name: tensor.half() + 1 for name, tensor in before.items()})
    part.merge()
    expected = {name: (tensor.half() + 1).float() for name, tensor in before.items()}
    assert all(torch.equal(tensor, expected[name]) for name, tensor in part.tensors().items())
    with pytest.raises(RuntimeError, match="conv_in"):
        part.load({**before, "conv_in.bias": torch.zeros(3)})


def test_a_whole_unet_is_stored_in_half_precision_and_an_adapter_as_it_is(backbone: Backbone) -> None:
    whole = stored(WholeUnet(backbone.unet).tensors())
    assert {tensor.dtype for tensor in whole.values()} == {torch.float16}
    part = trained_part(backbone.unet, 3, seed=2)
    kept = stored(part.tensors())
    assert all(torch.equal(tensor, kept[name]) for name, tensor in part.tensors().items())
