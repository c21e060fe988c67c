"""Convolutions as fast as they get: laid out well, and 3×3 ones with a quarter of the multiplications.

That is Winograd's F(4×4, 3×3) (Lavin and Gray, CVPR 2016):

    Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A

Notation:
    d   6×6 pixels of the input; neighbouring squares share two rows or columns
    g   3×3 weights
    Y   4×4 pixels of the output, a tile
    V, U, M   Bᵀ d B, G g Gᵀ and their product, each of 36 values that go by themselves

For all tiles and channels M = V U is 36 products of matrices. A CPU takes half the time of the direct sum for it (one
core, 256 channels, 128² pixels: 56 ms instead of 117), and its result differs by about 1e-5 of the largest value.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_TILE, _SQUARE, _VALUES = 4, 6, 36
_CHUNK = 128  # tiles that are computed at once: what belongs to them stays in the cache
_FEWEST_TILES, _FEWEST_CHANNELS = 128, 128  # below, moving numbers about takes longer than multiplying them

_ONE_B = torch.tensor(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    dtype=torch.float32,
)
_ONE_G = torch.tensor(
    [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]], dtype=torch.float32
).div(24)
_ONE_A = torch.tensor(
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]], dtype=torch.float32
)
_B, _G, _A = (torch.kron(one, one) for one in (_ONE_B, _ONE_G, _ONE_A))
"""Along rows and columns at once: (36, 36), (36, 9) and (16, 36)."""


class Convolution(nn.Conv2d):
    """A 3×3 convolution, stride 1, the border kept: `nn.Conv2d`, and faster on a CPU where it is large."""

    def __init__(self, before: int, after: int, bias: bool = True) -> None:
        super().__init__(before, after, 3, padding=1, bias=bias)

    def forward(self, images: Tensor) -> Tensor:
        """(B, C, H, W) → (B, O, H, W)."""
        if not _pays(images, self.weight):
            return super().forward(images)
        output: Tensor = _Winograd.apply(images, self.weight, self.bias)
        return output


def in_channels_last(network: nn.Module) -> nn.Module:
    """The network, in place, with its weights laid out as convolutions like them, on a CPU as on a GPU."""
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def without_normalisations(network: nn.Module) -> nn.Module:
    """The network, in place, with each normalisation put into the convolution before it: to look at photos only."""
    for sequence in (module for module in network.modules() if isinstance(module, nn.Sequential)):
        for place, (first, then) in enumerate(pairwise(list(sequence))):
            if isinstance(first, nn.Conv2d) and isinstance(then, nn.BatchNorm2d):
                sequence[place], sequence[place + 1] = fuse_conv_bn_eval(first, then), nn.Identity()
    return network


def _pays(images: Tensor, weight: Tensor) -> bool:
    """Is it worth it? Programs that are traced keep the plain convolution, which others know."""
    if images.device.type != "cpu" or images.dtype != torch.float32 or torch.jit.is_tracing():
        return False
    count, _, height, width = images.shape
    is_tiled = height % _TILE == 0 and width % _TILE == 0
    tiles = count * (height // _TILE) * (width // _TILE)
    return is_tiled and tiles >= _FEWEST_TILES and min(weight.shape[:2]) >= _FEWEST_CHANNELS


class _Winograd(torch.autograd.Function):
    """The convolution and its gradients."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        ctx.save_for_backward(images, weight)
        return _convolve(images, _spread(weight).transpose(1, 2), bias)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        images, weight = ctx.saved_tensors
        of_images = of_weight = of_bias = None
        if ctx.needs_input_grad[0]:
            of_images = _convolve(gradient, _spread(weight.flip(2, 3)))
        if ctx.needs_input_grad[1]:
            of_weight = _weight_gradient(images, gradient)
        if ctx.needs_input_grad[2]:
            of_bias = gradient.sum((0, 2, 3))
        return of_images, of_weight, of_bias


def _convolve(images: Tensor, u: Tensor, bias: Tensor | None = None) -> Tensor:
    """(B, C, H, W), U, (36, C, O), and (O,) → (B, O, H, W), channels last."""
    x, after = _last(images), u.shape[-1]
    bias = x.new_zeros(after) if bias is None else bias
    count, height, width, _ = x.shape
    output = torch.empty(count, after, height, width, memory_format=torch.channels_last)
    tiles = _tiles(_last(output))
    for photos, rows in _chunks(x):
        m = torch.bmm(_squares(x, photos, rows), u)
        part = tiles[photos, rows]
        y = (_A @ m.view(_VALUES, -1)).view(_TILE, _TILE, *part.shape[:2], part.shape[3], after)
        torch.add(y.permute(2, 3, 0, 4, 1, 5), bias, out=part)
    return output


def _weight_gradient(images: Tensor, gradient: Tensor) -> Tensor:
    """Σ over photos and pixels: (B, C, H, W) and (B, O, H, W) → (O, C, 3, 3)."""
    x, dy = _last(images), _last(gradient)
    before, after = x.shape[-1], dy.shape[-1]
    du = x.new_zeros(_VALUES, after, before)
    tiles = _tiles(dy)
    for photos, rows in _chunks(x):
        spread = tiles[photos, rows].permute(2, 4, 0, 1, 3, 5).reshape(_TILE**2, -1)
        dm = (_A.T @ spread).view(_VALUES, -1, after)
        du.baddbmm_(dm.transpose(1, 2), _squares(x, photos, rows))
    return (_G.T @ du.view(_VALUES, -1)).view(3, 3, after, before).permute(2, 3, 0, 1)


def _spread(weight: Tensor) -> Tensor:
    """U of weights: (O, C, 3, 3) → (36, O, C)."""
    return (_G @ weight.permute(2, 3, 0, 1).reshape(9, -1)).view(_VALUES, *weight.shape[:2])


def _squares(x: Tensor, photos: slice, rows: slice) -> Tensor:
    """V of the tiles in these rows: (B, H, W, C) → (36, tiles, C)."""
    height, top, bottom = x.shape[1], _TILE * rows.start - 1, _TILE * rows.stop + 1
    part = x[photos, max(top, 0) : min(bottom, height)]
    padded = F.pad(part, (0, 0, 1, 1, max(-top, 0), max(bottom - height, 0)))
    d = padded.unfold(1, _SQUARE, _TILE).unfold(2, _SQUARE, _TILE)  # (B, rows, columns, C, 6, 6)
    return (_B @ d.permute(4, 5, 0, 1, 2, 3).reshape(_VALUES, -1)).view(_VALUES, -1, x.shape[-1])


def _tiles(pixels: Tensor) -> Tensor:
    """(B, H, W, C) → (B, H / 4, 4, W / 4, 4, C), of the same memory."""
    count, height, width, channels = pixels.shape
    return pixels.view(count, height // _TILE, _TILE, width // _TILE, _TILE, channels)


def _chunks(x: Tensor) -> Iterator[tuple[slice, slice]]:
    """Photos and rows of tiles that are computed at once: several rows of a photo, or several small photos."""
    count, height, width, _ = x.shape
    rows, columns = height // _TILE, width // _TILE
    rows_at_once = min(rows, max(1, _CHUNK // columns))
    photos_at_once = max(1, _CHUNK // (rows * columns))
    for photo in range(0, count, photos_at_once):
        for row in range(0, rows, rows_at_once):
            some = slice(photo, min(photo + photos_at_once, count))
            yield some, slice(row, min(row + rows_at_once, rows))


def _last(images: Tensor) -> Tensor:
    """(B, C, H, W) → (B, H, W, C), contiguous; of the same memory where channels are last already."""
    return images.permute(0, 2, 3, 1).contiguous()
