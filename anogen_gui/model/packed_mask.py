"""Masks in memory, small enough to keep one for every step of the history."""

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class PackedMask:
    """A mask of `height` × `width` pixels, a bit each, compressed: some kB for a photo of 12 million pixels."""

    height: int
    width: int
    bits: bytes

    @classmethod
    def pack(cls, mask: "np.ndarray") -> "PackedMask":
        """`mask`: (H, W) bool, true on the anomaly."""
        import numpy as np  # not with the window

        height, width = mask.shape
        return cls(height, width, zlib.compress(np.packbits(mask, axis=1).tobytes(), 1))

    @classmethod
    def empty(cls, height: int, width: int) -> "PackedMask":
        """Of a photo on which nothing is painted."""
        return cls(height, width, zlib.compress(bytes(height * _row_bytes(width)), 1))

    def unpack(self) -> "np.ndarray":
        """(H, W) bool, true on the anomaly."""
        import numpy as np

        mask: np.ndarray = np.unpackbits(self._rows(), axis=1, count=self.width).view(bool)
        return mask

    def difference(self, other: "PackedMask") -> "tuple[int, int, np.ndarray] | None":
        """Where `other`, a mask of the same size, differs: left, top, and its pixels (h, w) there; None: nowhere.

        The rectangle is the smallest one, but for up to seven columns at its sides: far less work than the whole.
        """
        import numpy as np

        rows = other._rows()
        differs = self._rows() ^ rows
        down, across = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        if not len(down):
            return None
        part = rows[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
        left = int(across[0]) * 8
        pixels: np.ndarray = np.unpackbits(
            part, axis=1, count=min(part.shape[1] * 8, self.width - left)
        ).view(bool)
        return left, int(down[0]), pixels

    def _rows(self) -> "np.ndarray":
        """(H, bytes of a row) uint8: eight pixels a byte."""
        import numpy as np

        flat = np.frombuffer(zlib.decompress(self.bits), np.uint8)
        return flat.reshape(self.height, _row_bytes(self.width))


def _row_bytes(width: int) -> int:
    return -(-width // 8)
