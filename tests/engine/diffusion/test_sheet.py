from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.images import read_photo, save_png
from engine.diffusion.samples import SampleFiles, write_sample
from engine.diffusion.sheet import MOST_SAMPLES, write_sheet
from engine.errors import EngineError
from engine.geometry import Box
from engine.protocol import SampleFlag
from tests.engine.diffusion.ready_project import ROTATED, generate_job, placement
from tests.engine.diffusion.test_samples import record_of

BLUE, ORANGE, RED, MAGENTA = (40, 120, 240), (190, 110, 20), (235, 64, 52), (255, 0, 255)
PHOTO = "photos/good/a.png"
MASK = np.zeros((72, 104), bool)
MASK[10:30, 20:50] = True
ROW = 246  # of tiles, on the sheet


def grey(width: int = 104, height: int = 72) -> np.ndarray:
    return np.full((height, width, 3), 150, np.uint8)


def write_samples(
    project: Path, count: int, flags: tuple[SampleFlag, ...] = (), boxes: tuple[Box, ...] = (ROTATED,)
) -> list[tuple[Path, Path]]:
    """Samples on one photo, the anomaly a magenta square; image and mask of each."""
    save_png(project / PHOTO, grey())
    record = record_of(generate_job(project, [placement(PHOTO, *boxes)]), flags=flags)
    image = grey()
    image[34:46, 64:76] = MAGENTA
    files = [
        SampleFiles(project, f"samples/{index}.png", f"samples/{index}_mask.png") for index in range(count)
    ]
    for each in files:
        write_sample(each, image, MASK, record)
    return [(each.image_path, each.mask_path) for each in files]


def write_support(project: Path) -> tuple[Path, Path]:
    photo, mask = project / "photos/bad/s.png", project / "masks/s.png"
    save_png(photo, grey())
    save_png(mask, MASK)
    return photo, mask


def count_of(sheet: np.ndarray, colour: tuple[int, int, int]) -> int:
    """Pixels of this hue, however pale: smooth edges mix it with the grey around."""
    hues = sheet - sheet.mean(axis=2, keepdims=True, dtype=np.float32)
    hue = np.array(colour, np.float32) - np.mean(colour)
    strength = np.linalg.norm(hues, axis=2)
    alike = hues @ hue / np.maximum(strength * np.linalg.norm(hue), 1e-6)
    return int(((alike > 0.97) & (strength > 25)).sum())


def sheet_of(
    project: Path, samples: list[tuple[Path, Path]], supports: list[tuple[Path, Path]], title: str = ""
) -> np.ndarray:
    write_sheet(project / "sheet.png", supports, samples, project, title)
    return read_photo(project / "sheet.png")


def test_supports_boxes_and_samples_are_on_one_picture(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, write_samples(tmp_path, 5), [write_support(tmp_path)] * 2, "crack")
    assert count_of(sheet, RED) > 200  # outlines of masks
    assert count_of(sheet, BLUE) > 800  # boxes
    assert count_of(sheet, MAGENTA) > 5 * 500  # anomalies, whole and close up
    assert count_of(sheet, ORANGE) == 0
    assert sheet.shape[1] < 2000


def test_only_so_many_samples_are_shown(tmp_path: Path) -> None:
    samples = write_samples(tmp_path, 18)
    all_of_them = sheet_of(tmp_path, samples, [])
    assert MOST_SAMPLES == 16
    np.testing.assert_array_equal(all_of_them, sheet_of(tmp_path, samples[:16], []))
    assert all_of_them.shape[0] - sheet_of(tmp_path, samples[:12], []).shape[0] == ROW


def test_a_row_without_pictures_is_left_out(tmp_path: Path) -> None:
    samples = write_samples(tmp_path, 1)
    height = sheet_of(tmp_path, samples, [write_support(tmp_path)]).shape[0]
    assert height - sheet_of(tmp_path, samples, []).shape[0] > ROW
    (tmp_path / PHOTO).unlink()
    without_photo = sheet_of(tmp_path, samples, [write_support(tmp_path)])
    assert height - without_photo.shape[0] > ROW


def test_flags_are_told(tmp_path: Path) -> None:
    assert count_of(sheet_of(tmp_path, write_samples(tmp_path, 1, ("nothing_changed",)), []), ORANGE) > 30


def test_a_sample_of_another_program_is_shown_by_its_mask(tmp_path: Path) -> None:
    image, mask = tmp_path / "other.png", tmp_path / "other_mask.png"
    drawn = grey()
    drawn[MASK] = MAGENTA
    save_png(image, drawn)
    save_png(mask, MASK)
    sheet = sheet_of(tmp_path, [(image, mask)], [])
    assert count_of(sheet, MAGENTA) > 5000  # the close-up is that of the anomaly
    assert count_of(sheet, BLUE) > 100


def test_photos_of_any_shape_fit_into_their_tiles(tmp_path: Path) -> None:
    photo, mask = tmp_path / "s.png", tmp_path / "m.png"
    save_png(photo, grey(400, 17))
    anomaly = np.zeros((17, 400), bool)
    anomaly[8, 399] = True
    save_png(mask, anomaly)
    assert count_of(sheet_of(tmp_path, write_samples(tmp_path, 1), [(photo, mask)]), RED) > 2


def test_without_samples_there_is_no_sheet(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no samples to show"):
        sheet_of(tmp_path, [], [write_support(tmp_path)])
    assert not (tmp_path / "sheet.png").exists()


def test_a_sample_that_is_gone_is_named(tmp_path: Path) -> None:
    ((image, mask),) = write_samples(tmp_path, 1)
    image.unlink()
    with pytest.raises(EngineError, match=r"0\.png does not exist"):
        sheet_of(tmp_path, [(image, mask)], [])


def test_the_sheet_is_a_png_whatever_it_is_called(tmp_path: Path) -> None:
    write_sheet(tmp_path / "deep" / "sheet.out", [], write_samples(tmp_path, 1), tmp_path)
    with Image.open(tmp_path / "deep" / "sheet.out") as sheet:
        assert sheet.format == "PNG"
