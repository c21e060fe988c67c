"""Fast convolutions compute what plain ones do, forwards and backwards."""

import pytest
import torch
from torch import Tensor, nn

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
        (1, 5, 32, 20),  # two rows of tiles at once
        (1, 5, 28, 64),  # one row of more tiles than are computed at once
        (3, 5, 12, 20),  # the last chunk of a photo has fewer rows
        (5, 5, 8, 8),  # three photos at once, then two
        (4, 3, 4, 4),
    ],
)
def test_as_a_plain_convolution(shape: tuple[int, int, int, int], bias: bool) -> None:
    networks = pair(shape[1], 7, bias)
    images = torch.rand(shape)
    outputs, gradients = [], list[list[Tensor]]()
    for network in networks:
        x = images.clone().requires_grad_()
        output = network(x)
        weighed = (output * torch.linspace(-1, 1, output.numel()).view(output.shape)).sum()
        gradients.append(list(torch.autograd.grad(weighed, [x, *network.parameters()])))
        outputs.append(output.detach())
    torch.testing.assert_close(*outputs, rtol=1e-4, atol=1e-4)
    for ours, theirs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4 * float(theirs.abs().max()))


def test_the_fast_way_is_gone_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[int, ...]] = []
    convolve = convolution._convolve

    def counted(images: Tensor, u: Tensor, bias: Tensor) -> Tensor:
        calls.append(tuple(images.shape))
        return convolve(images, u, bias)

    monkeypatch.setattr(convolution, "_convolve", counted)
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
    assert "aten::_convolution" in kinds
    assert "aten::bmm" not in kinds


def test_normalisations_go_into_the_convolutions_before_them() -> None:
    torch.manual_seed(0)
    blocks = (nn.Sequential(Convolution(4, 4), nn.BatchNorm2d(4), nn.ReLU()) for _ in range(2))
    network = nn.Sequential(*blocks, nn.BatchNorm2d(4)).eval()
    for norm in (module for module in network.modules() if isinstance(module, nn.BatchNorm2d)):
        for values, low, high in (
            (norm.running_mean, -1, 1),
            (norm.running_var, 0.5, 2),
            (norm.weight, -1, 1),
        ):
            nn.init.uniform_(values, low, high)  # type: ignore[arg-type]
    images = torch.rand(2, 4, 8, 8)
    expected = network(images)
    found = without_normalisations(network)(images)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    kept = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    assert kept == [network[2]]  # which follows no convolution
