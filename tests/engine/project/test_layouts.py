import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EngineError
from engine.project.layouts import Layout, recognise


def touch(folder: Path, *names: str) -> Path:
    """Empty files: a layout is recognised by names alone."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def found(layout: Layout, source: Path) -> dict[str, tuple[str, str, str]]:
    """Path → role, anomaly, mask; paths relative to `source`."""
    return {
        entry.path.relative_to(source).as_posix(): (
            entry.role,
            entry.anomaly,
            entry.mask.relative_to(source).as_posix() if entry.mask else "",
        )
        for entry in layout.entries
    }


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Makes a folder one that cannot be looked into, whoever runs the tests."""
    closed: set[Path] = set()

    def refusing(look: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(place: Any = ".") -> Any:
            if not isinstance(place, int) and Path(place) in closed:
                raise PermissionError(13, "Permission denied", str(place))
            return look(place)

        return refuse

    for name in ("listdir", "scandir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))
    return closed.add


def test_a_source_that_cannot_be_read_is_told(tmp_path: Path, close: Callable[[Path], None]) -> None:
    close(tmp_path)
    with pytest.raises(EngineError) as caught:
        recognise(tmp_path)
    assert caught.value.message == f"{tmp_path} cannot be read: Permission denied."


@pytest.mark.parametrize("name", ["train/good", "test/bent", "test/bent/deep", "ground_truth/bent"])
def test_a_folder_that_cannot_be_read_is_told_and_keeps_no_other_out(
    tmp_path: Path, close: Callable[[Path], None], name: str
) -> None:
    source = touch(tmp_path, "train/good/0.png", "test/bent/1.png", "test/cut/2.png", f"{name}/3.png")
    close(source / name)
    layout = recognise(source)
    (refused,) = layout.refused
    assert refused.path == str(source / name)
    assert refused.reason == f"The folder {source / name} cannot be read: Permission denied."
    assert "test/cut/2.png" in found(layout, source)
    assert f"{name}/3.png" not in found(layout, source)


def test_mvtec_masks_with_and_without_ending(tmp_path: Path) -> None:
    source = touch(
        tmp_path,
        "train/good/0.png",
        "test/good/0.png",
        "test/bent/0.png",
        "test/cut/0.png",
        "ground_truth/bent/0_mask.png",
        "ground_truth/cut/0.png",
        "license.txt",
    )
    layout = recognise(source)
    assert layout.refused == []
    assert found(layout, source) == {
        "train/good/0.png": ("good", "", ""),
        "test/good/0.png": ("test", "", ""),
        "test/bent/0.png": ("test", "bent", "ground_truth/bent/0_mask.png"),
        "test/cut/0.png": ("test", "cut", "ground_truth/cut/0.png"),
    }


def test_an_anomaly_without_any_mask_comes_without(tmp_path: Path) -> None:
    source = touch(tmp_path, "test/bent/0.png", "test/cut/0.png", "ground_truth/bent/0_mask.png")
    assert found(recognise(source), source)["test/cut/0.png"] == ("test", "cut", "")


def test_a_folder_may_say_its_role_by_its_own_name(tmp_path: Path) -> None:
    source = touch(tmp_path / "NG", "a.jpg", "dent/b.jpg")
    assert found(recognise(source), source) == {
        "a.jpg": ("bad", "defect", ""),
        "dent/b.jpg": ("bad", "dent", ""),
    }
    source = touch(tmp_path / "normal", "a.jpg")
    assert found(recognise(source), source) == {"a.jpg": ("good", "", "")}


def test_train_without_a_good_folder_is_good(tmp_path: Path) -> None:
    source = touch(tmp_path, "train/a.png", "test/b.png")
    assert found(recognise(source), source) == {
        "train/a.png": ("good", "", ""),
        "test/b.png": ("test", "", ""),
    }


def test_the_anomaly_that_is_asked_for_names_what_has_no_folder(tmp_path: Path) -> None:
    source = touch(tmp_path, "bad/a.png", "bad/dent/b.png", "test/ng/c.png", "test/d.png", "masks/d_mask.png")
    assert {path: entry[1] for path, entry in found(recognise(source, anomaly="crack"), source).items()} == {
        "test/ng/c.png": "crack",
        "test/d.png": "crack",
    }
    refused = recognise(source, anomaly="crack").refused
    assert [Path(file.path).name for file in refused] == [
        "a.png",
        "b.png",
    ]  # a bad photo needs a mask where there are any


def test_masks_of_normal_photos_are_no_strays(tmp_path: Path) -> None:
    source = touch(tmp_path, "good/a.png", "masks/good/a_mask.png", "masks/dent/x_mask.png")
    layout = recognise(source)
    assert [refused.path for refused in layout.refused] == [str(source / "masks/dent/x_mask.png")]


def test_a_mask_belongs_to_one_photo(tmp_path: Path) -> None:
    source = touch(tmp_path, "bad/0.png", "test/0.png", "masks/0_mask.png")
    assert found(recognise(source), source) == {
        "bad/0.png": ("bad", "defect", "masks/0_mask.png"),
        "test/0.png": ("test", "", ""),
    }


def test_masks_may_lie_anywhere(tmp_path: Path) -> None:
    photos = touch(tmp_path / "photos", "a.png", "b.png")
    masks = touch(tmp_path / "elsewhere", "a_mask.png", "b-mask.png")
    layout = recognise(photos, role="bad", anomaly="dent", masks=masks)
    assert [(entry.path.name, entry.mask and entry.mask.name) for entry in layout.entries] == [
        ("a.png", "a_mask.png"),
        ("b.png", "b-mask.png"),
    ]
    (entry,) = recognise(photos / "a.png", anomaly="dent", masks=masks).entries
    assert entry.mask == masks / "a_mask.png"
    (masks / "a_mask.png").unlink()
    (refused,) = recognise(photos / "a.png", anomaly="dent", masks=masks).refused
    assert str(masks / "a_mask.png") in refused.reason


def test_a_good_photo_shows_no_anomaly(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be good and show an anomaly"):
        recognise(touch(tmp_path, "a.png") / "a.png", role="good", anomaly="dent")


def test_several_products_at_once_are_not_guessed_at(tmp_path: Path) -> None:
    touch(tmp_path, "bottle/train/good/0.png", "cable/train/good/0.png")
    with pytest.raises(EngineError, match="No photos were recognised"):
        recognise(tmp_path)


def test_two_photos_of_one_name_are_two_photos(tmp_path: Path) -> None:
    source = touch(tmp_path, "a.png", "a.jpg")
    assert found(recognise(source, "good"), source) == {"a.png": ("good", "", ""), "a.jpg": ("good", "", "")}


def test_a_good_photo_with_a_mask_beside_it_is_refused(tmp_path: Path) -> None:
    source = touch(tmp_path / "good", "a.png", "b.png", "b_mask.png")
    layout = recognise(source)
    assert found(layout, source) == {"a.png": ("good", "", "")}
    assert [refused.reason for refused in layout.refused] == [
        f"{source / 'b.png'} cannot be good: its mask b_mask.png marks an anomaly."
    ]
