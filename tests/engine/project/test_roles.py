from pathlib import Path

import pytest
from PIL import Image

from engine.data.images import read_photo
from engine.errors import EngineError
from engine.project import Photo, Project
from tests.engine.project.older import make_older
from tests.engine.project.product import run_import, write_photo


def twin_of(product: Project, photo: Photo, tmp_path: Path, role: str) -> Photo:
    """The same shot under other bytes, imported."""
    image = Image.fromarray(read_photo(product.folder / photo.path))
    image.resize((96, 80), Image.Resampling.BICUBIC).save(tmp_path / "twin.jpg", quality=80)
    run_import(product, tmp_path / "twin.jpg", role=role)
    return product.find_photo("twin")


def test_a_photo_gets_another_role_and_class_and_its_file_stays(product: Project) -> None:
    product.add_anomaly("dent")
    good = product.photos("good")[0]
    bad = product.set_role(good, "bad", "Dent")
    assert (bad.role, bad.anomaly, bad.path) == ("bad", "dent", good.path)
    assert product.photos("bad") == [bad]
    assert product.set_role(bad, "test").anomaly == "dent"
    assert product.set_role(bad, "good") == good
    assert product.set_photo_anomaly(product.find_photo("000", "crack"), "").anomaly == ""


def test_what_a_photo_cannot_be(product: Project) -> None:
    good = product.photos("good")[0]
    with pytest.raises(EngineError, match="cannot be good and show 'crack'"):
        product.set_photo_anomaly(good, "crack")
    with pytest.raises(EngineError, match="no anomaly class 'dent'"):
        product.set_role(good, "bad", "dent")
    with pytest.raises(EngineError, match="'ugly' is no role"):
        product.set_role(good, "ugly")  # type: ignore[arg-type]
    assert product.photos("good")[0] == good


def test_a_support_photo_never_becomes_a_test_photo_again(product: Project) -> None:
    first, second = (product.find_photo(name, "crack") for name in ("000", "001"))
    product.set_supports("crack", [first])
    product.set_supports("crack", [second])
    for photo in (first, second):
        with pytest.raises(EngineError, match="was a support photo"):
            product.set_role(photo, "test")
        product.set_role(photo, "good")
        with pytest.raises(EngineError, match="was a support photo"):
            product.set_role(photo, "test")


def test_a_bad_photo_that_was_no_support_can_go_back_to_the_tests(product: Project) -> None:
    photo = product.find_photo("000", "crack")
    product.set_role(photo, "bad")
    assert product.set_role(photo, "test") == photo


def test_no_test_photo_shows_the_same_shot_as_a_bad_one(tmp_path: Path, product: Project) -> None:
    photo = product.find_photo("000", "crack")
    twin = twin_of(product, photo, tmp_path, "good")
    product.set_role(photo, "bad")
    with pytest.raises(EngineError, match="nearly the same as the bad photo '000'"):
        product.set_role(twin, "test")
    product.set_supports("crack", [product.find_photo("000", "crack")])
    product.set_role(photo, "good")
    with pytest.raises(EngineError, match="nearly the same as"):
        product.set_role(twin, "test")
    assert product.find_photo("twin").role == "good"


def test_of_several_photos_all_are_changed_or_none(tmp_path: Path, product: Project) -> None:
    photo = product.find_photo("000", "crack")
    twin = twin_of(product, photo, tmp_path, "test")
    product.set_roles([(photo, "bad", "crack"), (twin, "bad", "crack")])
    with pytest.raises(EngineError, match="nearly the same"):
        product.set_roles([(product.photos("good")[0], "bad", "crack"), (twin, "test", "")])
    assert len(product.photos("good")) == 4
    back = product.set_roles([(photo, "test", "crack"), (twin, "test", "")])
    assert back == [photo, twin]


def test_a_support_that_leaves_its_class_is_none_until_it_is_back(product: Project) -> None:
    chosen = [product.find_photo(name, "crack") for name in ("000", "001")]
    product.set_supports("crack", chosen)
    chosen = [product.find_photo(photo.path) for photo in chosen]
    product.set_role(chosen[0], "good")
    assert product.chosen_supports("crack") == chosen[1:]
    product.set_role(chosen[0], "bad", "crack")
    assert product.chosen_supports("crack") == chosen
    product.add_anomaly("dent")
    product.set_photo_anomaly(chosen[1], "dent")
    assert product.chosen_supports("crack") == chosen[:1]
    assert [photo.name for photo in product.chosen_supports("dent")] == ["001"]


def test_photos_that_something_was_learned_from_are_known_after_a_migration(product: Project) -> None:
    """Which bad photos were supports was not noted before: all of them count as such."""
    photo = product.set_role(product.find_photo("000", "crack"), "bad")
    make_older(product, 2)
    with Project.open(product.folder) as again:
        with pytest.raises(EngineError, match="was a support photo"):
            again.set_role(photo, "test")
        assert again.set_role(again.photos("good")[0], "test").role == "test"


def test_an_unknown_photo(product: Project, tmp_path: Path) -> None:
    stranger = write_photo(tmp_path / "x.png", 5)
    run_import(product, stranger, role="good")
    photo = product.find_photo("x")
    product.catalogue.change("DELETE FROM photo WHERE id = ?", (photo.id,))
    with pytest.raises(EngineError, match="no photo number"):
        product.set_role(photo, "bad")
