from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.project import Photo, Project
from tests.engine.project.product import run_import, write_mask, write_photo


@pytest.fixture
def dent(tmp_path: Path, product: Project) -> Photo:
    """A bad photo of a class of its own, without a mask."""
    run_import(product, write_photo(tmp_path / "000.png", 77), role="bad", anomaly="dent")
    return product.find_photo("bad/dent/000")


def painted(left: int) -> np.ndarray:
    mask = np.zeros((40, 48), dtype=bool)
    mask[5:9, left : left + 4] = True
    return mask


def now(project: Project, photo: Photo) -> Photo:
    return project.find_photo(photo.path)


def test_a_mask_is_painted_cleared_and_set_again(product: Project, dent: Photo) -> None:
    assert product.mask(dent) is None
    product.set_mask(dent, painted(5))
    seen = product.mask(now(product, dent))
    assert seen is not None
    assert (seen == painted(5)).all()
    file = product.folder / now(product, dent).mask
    former = product.clear_mask(dent)
    assert (now(product, dent).mask, file.exists()) == ("", False)
    assert former is not None
    product.set_mask(dent, former)
    assert (now(product, dent).mask, file.exists()) == ("masks/dent/000_mask.png", True)
    assert product.clear_mask(dent) is not None
    assert product.clear_mask(dent) is None


def test_a_mask_that_is_gone_or_damaged(product: Project, dent: Photo) -> None:
    product.set_mask(dent, painted(5))
    photo = now(product, dent)
    (product.folder / photo.mask).write_bytes(b"damaged")
    with pytest.raises(EngineError, match="is not an image"):
        product.mask(photo)
    (product.folder / photo.mask).unlink()
    assert product.mask(photo) is None
    (product.folder / photo.mask).write_bytes(b"damaged")
    assert product.clear_mask(photo) is None
    assert now(product, dent).mask == ""


def test_photos_of_one_name_that_come_to_be_of_one_class_have_masks_of_their_own(
    product: Project, dent: Photo
) -> None:
    other = product.find_photo("test/crack/000")
    before = product.mask(other)
    product.set_photo_anomaly(dent, "crack")
    product.set_mask(dent, painted(30))
    assert now(product, dent).mask == "masks/crack/000-2_mask.png"
    mine, others = product.mask(now(product, dent)), product.mask(other)
    assert mine is not None
    assert (mine == painted(30)).all()
    assert others is not None
    assert (others == before).all()


def test_the_mask_of_a_photo_that_left_its_class_is_not_written_over(
    tmp_path: Path, product: Project
) -> None:
    left = product.set_photo_anomaly(product.find_photo("test/crack/000"), product.add_anomaly("dent").name)
    before = product.mask(left)
    photo, mask = write_photo(tmp_path / "000.png", 78), write_mask(tmp_path / "m.png")
    run_import(product, photo, role="test", anomaly="crack", masks=mask)
    product.set_mask(product.find_photo("test/crack/000-2"), painted(30))
    after = product.mask(left)
    assert after is not None
    assert (after == before).all()


def test_a_mask_is_read_from_any_file(tmp_path: Path, product: Project, dent: Photo) -> None:
    mask = product.read_mask(dent, write_mask(tmp_path / "any.png"))
    assert (mask.shape, mask.dtype, int(mask.sum())) == ((40, 48), bool, 120)
    assert now(product, dent).mask == ""


def test_a_mask_of_another_size_is_refused_and_both_files_named(
    tmp_path: Path, product: Project, dent: Photo
) -> None:
    file = write_mask(tmp_path / "small.png", width=40, height=30)
    with pytest.raises(EngineError, match=r"small\.png is 40×30 pixels, its photo .*000\.png is 48×40"):
        product.read_mask(dent, file)
