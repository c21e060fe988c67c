"""What the benchmarks work on: the demo product, in a folder that goes away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.data.images import photo_size, read_mask, read_photo
from engine.diffusion.crops import Support
from engine.diffusion.pretraining.demo_product import ANOMALY, write_demo_product


@contextmanager
def demo_photos() -> Iterator[Path]:
    """The folder of the demo product's photos, in MVTec layout."""
    with TemporaryDirectory() as folder:
        write_demo_product(Path(folder), normals=4, test_normals=0, bad=3)
        yield Path(folder)


def read_supports(folder: Path) -> list[Support]:
    supports = []
    for path in sorted((folder / "test" / ANOMALY).glob("*.png")):
        mask = folder / "ground_truth" / ANOMALY / f"{path.stem}_mask.png"
        supports.append(Support(read_photo(path), read_mask(mask, photo_size(path), path)))
    return supports


def good_photos(folder: Path) -> list[Path]:
    return sorted((folder / "train" / "good").glob("*.png"))
