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
        return cls(height, width, zlib.compress(np.packbits(mask).tobytes(), 1))

    def unpack(self) -> "np.ndarray":
        """(H, W) bool, true on the anomaly."""
        import numpy as np

        bits = np.frombuffer(zlib.decompress(self.bits), np.uint8)
        mask: np.ndarray = np.unpackbits(bits, count=self.height * self.width).view(bool)
        return mask.reshape(self.height, self.width)
