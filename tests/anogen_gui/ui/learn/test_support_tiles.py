"""The tiles of support photos."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from anogen_gui.model.learning_state import SupportChoice
from anogen_gui.model.thumbnails import Thumbnails
from anogen_gui.ui.icons import Icons
from anogen_gui.ui.learn.support_tiles import SupportTiles
from engine.project import Photo
from tests.engine.project.product import write_mask, write_photo

COLOR = "#00c8ff"


def choice(name: str, mask: str = "", is_chosen: bool = True) -> SupportChoice:
    photo = Photo(
        id=1, name=name, path=f"{name}.png", role="bad", anomaly="crack", width=48, height=40, sha256=name,
        dhash=0, mask=mask, is_missing=False,
    )  # fmt: skip
    return SupportChoice(photo, bool(mask), is_chosen)


@pytest.fixture
def tiles(icons: Icons, thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> SupportTiles:
    for seed, name in enumerate("ab"):
        write_photo(tmp_path / f"{name}.png", seed)
        write_mask(tmp_path / f"{name}_mask.png")
    made = SupportTiles(icons, thumbnails)
    qtbot.addWidget(made)
    made.resize(320, 200)
    made.show()
    return made


def has_color(image: QImage, color: str) -> bool:
    wanted = QColor(color).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def test_a_click_chooses_or_leaves_out(tiles: SupportTiles, tmp_path: Path, qtbot: QtBot) -> None:
    tiles.show_supports(tmp_path, [choice("a", "a_mask.png"), choice("b", "b_mask.png", False)], COLOR)
    told: list[tuple[str, bool]] = []
    tiles.support_toggled.connect(lambda path, on: told.append((path, on)))
    for tile in tiles.tiles():
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert told == [("a.png", False), ("b.png", True)]


def test_a_photo_without_a_mask_asks_for_one(tiles: SupportTiles, tmp_path: Path, qtbot: QtBot) -> None:
    tiles.show_supports(tmp_path, [choice("a")], COLOR)
    (tile,) = tiles.tiles()
    assert "no mask" in tile.accessibleName()
    with qtbot.waitSignal(tiles.mask_wanted) as wanted:
        qtbot.keyClick(tile, Qt.Key.Key_Space)
    assert wanted.args == ["a.png"]


def test_the_mask_is_outlined_in_the_colour_of_the_class(
    tiles: SupportTiles, tmp_path: Path, qtbot: QtBot
) -> None:
    tiles.show_supports(tmp_path, [choice("a", "a_mask.png")], COLOR)
    (tile,) = tiles.tiles()
    qtbot.waitUntil(lambda: has_color(tile.grab().toImage(), COLOR))


def test_there_are_as_many_tiles_as_photos(tiles: SupportTiles, tmp_path: Path) -> None:
    tiles.show_supports(tmp_path, [choice("a"), choice("b")], COLOR)
    tiles.show_supports(tmp_path, [choice("b", "b_mask.png")], COLOR)
    assert [tile.accessibleName() for tile in tiles.tiles()] == ["b: learned from"]
