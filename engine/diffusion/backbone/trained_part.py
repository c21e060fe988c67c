"""What of a U-Net is trained when a backbone is adapted: all of it, or an adapter beside its attention.

A class for each; both give the tensors that are trained, take them back, and put them to use.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

_TARGETS = ["to_q", "to_k", "to_v", "to_out.0"]  # the projections of every attention
_DOWN = ".lora_A.weight"  # the name of an A ends so


class WholeUnet:
    """Every weight of a U-Net."""

    def __init__(self, unet: nn.Module) -> None:
        self._unet = unet

    def parameters(self) -> list[nn.Parameter]:
        return list(self._unet.parameters())

    def tensors(self) -> dict[str, Tensor]:
        return self._unet.state_dict()

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Raises: RuntimeError where names or shapes are not this U-Net's."""
        self._unet.load_state_dict(tensors)

    def merge(self) -> None:
        """They are where they belong."""


class Adapter:
    """Low-rank matrices beside the frozen projections W (n, m) of a U-Net's attention.

        (W + B A) x          A (rank, m), random by the seed; B (n, rank), 0 at first   (LoRA, Hu et al. 2021)

    Making one puts it into the U-Net.
    """

    def __init__(self, unet: nn.Module, rank: int, seed: int) -> None:
        from peft import LoraConfig  # slow to import, as in every module that loads backbones

        self._unet = unet
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            unet.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=_TARGETS))  # type: ignore[operator]

    def parameters(self) -> list[nn.Parameter]:
        return [weight for name, weight in self._unet.named_parameters() if ".lora_" in name]

    def tensors(self) -> dict[str, Tensor]:
        """`….to_q.lora_A.weight` and so on, as peft and diffusers name them."""
        from peft import get_peft_model_state_dict

        return get_peft_model_state_dict(self._unet, save_embedding_layers=False)

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Raises: ValueError where names or shapes are not this adapter's."""
        from peft import set_peft_model_state_dict

        if _shapes(tensors) != _shapes(self.tensors()):
            raise ValueError("the tensors of another adapter")
        set_peft_model_state_dict(self._unet, dict(tensors))

    def merge(self) -> None:
        """W ← W + B A, and remove the adapter. Raises: ValueError where a number of it is none."""
        self._unet.fuse_lora(safe_fusing=True)  # type: ignore[operator]
        self._unet.unload_lora()  # type: ignore[operator]


TrainedPart = WholeUnet | Adapter


def trained_part(unet: nn.Module, rank: int, seed: int = 0) -> TrainedPart:
    """What is trained of `unet`: an adapter of this rank, which is put into it; 0: the whole of it."""
    return Adapter(unet, rank, seed) if rank else WholeUnet(unet)


def adapter_rank(tensors: Mapping[str, Tensor]) -> int:
    """The rank of the adapter that these are the tensors of; 0 where they are a whole U-Net's."""
    return next((len(tensor) for name, tensor in tensors.items() if name.endswith(_DOWN)), 0)


def stored(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A trained part's tensors as they are kept: a whole U-Net in float16, an adapter, small as it is, unchanged."""
    if adapter_rank(tensors):
        return dict(tensors)
    return {name: _half(tensor) for name, tensor in tensors.items()}


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _half(tensor: Tensor) -> Tensor:
    return tensor.detach().to(torch.float16) if tensor.is_floating_point() else tensor.detach()
