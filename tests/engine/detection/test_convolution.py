"""Fast convolutions compute what plain ones do, forwards and backwards."""

import pytest
import torch
from torch import nn

from engine.detection import convolution
from engine.detection.convolution import Convolution, in_channels_last, without_normalisations


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "_FEWEST_TILES", 2)
    monkeypatch.setattr(convolution, "_FEWEST_CHANNELS", 3)
    monkeypatch.setattr(convolution, "_CHUNK", 12)


def pair(before: int, after: int, bias: bool = True) -> tuple[Convolution, nn.Conv2d]:
    torch.manual_seed(0)
    fast, plain = Convolution(before, after, bias=bias), nn.Conv2d(before, after, 3, padding=1, bias=bias)
    plain.load_state_dict(fast.state_dict())
    in_channels_last(fast)
    return fast, plain


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    "shape",
    [
        (1, 5, 32, 20),  # two rows of tiles at once, and none left over
        (1, 5, 28, 64),  # one row of more tiles than are computed at once
        (3, 5, 12, 20),  # a last chunk of fewer rows
        (5, 5, 8, 8),  # three photos at once, then two
        (4, 3, 4, 4),
    ],
)
def test_as_a_plain_convolution(shape: tuple[int, int, int, int], bias: bool) -> None:
    fast, plain = pair(shape[1], 7, bias)
    images = torch.rand(shape)
    found, expected = ([images.clone().requires_grad_() for _ in range(2)]), []
    for network, x in zip((fast, plain), found, strict=True):
        output = network(x)
        (output * torch.linspace(-1, 1, output.numel()).view(output.shape)).sum().backward()
        expected.append(output.detach())
    torch.testing.assert_close(*expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found[0].grad, found[1].grad, rtol=1e-4, atol=1e-4)
    for ours, theirs in zip(fast.parameters(), plain.parameters(), strict=True):
        scale = float(theirs.grad.abs().max())  # type: ignore[union-attr]
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-4, atol=1e-4 * scale)


def test_the_fast_way_is_gone_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, ...]] = []
    convolve = convolution._convolve
    monkeypatch.setattr(
        convolution, "_convolve", lambda x, u: (calls.append(tuple(x.shape)), convolve(x, u))[1]
    )
    fast, _ = pair(4, 4)
    for shape in ((1, 4, 8, 8), (1, 4, 8, 10), (1, 4, 4, 4)):  # good, not of whole tiles, too small
        fast(torch.rand(shape))
    pair(2, 4)[0](torch.rand(1, 2, 8, 8))  # too few channels
    fast.double()(torch.rand(1, 4, 8, 8).double())
    assert calls == [(1, 4, 8, 8)]


def test_a_traced_program_has_the_plain_convolution() -> None:
    fast, _ = pair(4, 4)
    traced = torch.jit.trace(fast, torch.rand(1, 4, 8, 8))
    kinds = {node.kind() for node in traced.inlined_graph.nodes()}
    assert kinds >= {"aten::_convolution"}
    assert "aten::bmm" not in kinds


def test_normalisations_go_into_the_convolutions_before_them() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        *(nn.Sequential(Convolution(4, 4), nn.BatchNorm2d(4), nn.ReLU()) for _ in range(2)), nn.BatchNorm2d(4)
    )
    for norm in (module for module in network.modules() if isinstance(module, nn.BatchNorm2d)):
        nn.init.uniform_(norm.running_mean, -1, 1)
        nn.init.uniform_(norm.running_var, 0.5, 2)
        nn.init.uniform_(norm.weight, -1, 1)
    images = torch.rand(2, 4, 8, 8)
    expected = network.eval()(images)
    found = without_normalisations(network)(images)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    kept = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    assert kept == [network[2]]  # which follows no convolution
