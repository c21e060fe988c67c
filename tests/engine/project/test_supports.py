from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.images import read_mask, read_photo
from engine.errors import EngineError
from engine.project import Project
from engine.protocol import SupportPhoto
from tests.engine.project.product import run_import, write_mask, write_photo


def test_chosen_supports_leave_the_tests(product: Project) -> None:
    chosen = [product.find_photo(name, "crack") for name in ("002", "000")]
    assert product.set_supports("crack", chosen) == []
    assert product.supports("crack") == [
        SupportPhoto(name="002", photo="photos/test/crack/002.png", mask="masks/crack/002_mask.png"),
        SupportPhoto(name="000", photo="photos/test/crack/000.png", mask="masks/crack/000_mask.png"),
    ]
    assert {photo.name for photo in product.photos("test", "crack")} == {"001", "003"}


def test_former_supports_never_become_tests_again(product: Project) -> None:
    product.set_supports("crack", [product.find_photo("000", "crack")])
    product.set_supports("crack", [product.find_photo("001", "crack")])
    assert [support.name for support in product.supports("crack")] == ["001"]
    assert {photo.name for photo in product.photos("test", "crack")} == {"002", "003"}


def test_without_a_choice_all_bad_photos_are_supports(tmp_path: Path, project: Project) -> None:
    mask = write_mask(tmp_path / "m.png")
    for name in ("a", "b"):
        photo = write_photo(tmp_path / f"{name}.png", ord(name))
        run_import(project, photo, anomaly="dent", masks=mask)
    assert [support.name for support in project.supports("dent")] == ["a", "b"]


def test_a_near_duplicate_of_a_support_leaves_the_tests_and_is_told(tmp_path: Path, product: Project) -> None:
    support = product.find_photo("000", "crack")
    image = Image.fromarray(read_photo(product.folder / support.path))
    image.resize((96, 80), Image.Resampling.BICUBIC).save(tmp_path / "twin.jpg", quality=80)
    run_import(product, tmp_path / "twin.jpg", role="test")
    (told,) = product.set_supports("crack", [support])
    assert "'twin' (photos/test/twin.jpg) left the tests" in told
    assert "'000'" in told
    assert product.find_photo("twin").role == "bad"
    assert [each.name for each in product.supports("crack")] == ["000"]


def test_what_cannot_be_a_support(tmp_path: Path, product: Project) -> None:
    good = product.photos("good")[0]
    with pytest.raises(EngineError, match="is a good photo and shows no 'crack'"):
        product.set_supports("crack", [good])
    crack = product.find_photo("000", "crack")
    with pytest.raises(EngineError, match="shows 'crack', not 'dent'"):
        product.set_supports("dent", [crack])
    with pytest.raises(EngineError, match="No support photo was chosen"):
        product.set_supports("crack", [])
    with pytest.raises(EngineError, match="has no support photos yet"):
        product.supports("crack")
    assert len(product.photos("test", "crack")) == 4


def test_a_support_without_mask_names_the_photo_and_the_mask(tmp_path: Path, product: Project) -> None:
    run_import(product, write_photo(tmp_path / "x.png", 77), role="bad", anomaly="dent")
    with pytest.raises(EngineError) as caught:
        product.supports("dent")
    assert str(product.folder / "photos/bad/dent/x.png") in caught.value.message
    assert str(product.folder / "masks/dent/x_mask.png") in caught.value.message
    assert "--mask" in caught.value.hint
    crack = product.find_photo("000", "crack")
    (product.folder / crack.mask).unlink()
    with pytest.raises(EngineError, match=r"000_mask\.png does not exist"):
        product.set_supports("crack", [crack])


def test_a_support_that_was_deleted_is_named(product: Project) -> None:
    product.set_supports("crack", [product.find_photo("000", "crack")])
    (product.folder / "photos/test/crack/000.png").unlink()
    with pytest.raises(EngineError, match=r"photos/test/crack/000\.png was deleted"):
        product.supports("crack")


def test_a_painted_mask_is_kept(tmp_path: Path, product: Project) -> None:
    run_import(product, write_photo(tmp_path / "x.png", 77), role="bad", anomaly="dent")
    photo = product.find_photo("x")
    mask = np.zeros((40, 48), dtype=bool)
    mask[5:9, 5:9] = True
    product.set_mask(photo, mask)
    (support,) = product.supports("dent")
    np.testing.assert_array_equal(
        read_mask(product.folder / support.mask, photo.size, Path(photo.path)), mask
    )
    with pytest.raises(EngineError, match="48×30 pixels, the photo 48×40"):
        product.set_mask(photo, mask[:30])
    with pytest.raises(EngineError, match="is empty"):
        product.set_mask(photo, np.zeros_like(mask))
    with pytest.raises(EngineError, match="shows no anomaly"):
        product.set_mask(product.photos("good")[0], mask)
