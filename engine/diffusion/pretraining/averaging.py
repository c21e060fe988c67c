"""The exponential moving average of weights: what a training hands out."""

import copy
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

NetworkT = TypeVar("NetworkT", bound=nn.Module)


class Average(Generic[NetworkT]):
    """A copy of networks whose weights follow theirs slowly:  θ̄ ← d θ̄ + (1 − d) θ.

    At first the copy follows faster: d = min(decay, n / (n + warm_up)) after n updates.
    """

    def __init__(self, networks: NetworkT, decay: float, warm_up: int = 40) -> None:
        self.networks: NetworkT = copy.deepcopy(networks)
        self.networks.requires_grad_(False).eval()
        self._source = networks
        self._decay, self._warm_up = decay, warm_up

    @torch.no_grad()
    def follow(self, updates: int) -> None:
        """Take one step towards the networks, of which `updates` have been made."""
        decay = min(self._decay, updates / (updates + self._warm_up))
        torch._foreach_lerp_(list(self.networks.parameters()), list(self._source.parameters()), 1 - decay)

    def restart(self) -> None:
        """Be equal to the networks again."""
        self.networks.load_state_dict(self._source.state_dict())

    def state(self) -> dict[str, Tensor]:
        return dict(self.networks.state_dict())

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        self.networks.load_state_dict(tensors)


def below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, without it."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
