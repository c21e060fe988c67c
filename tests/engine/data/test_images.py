from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data import images
from engine.data.images import (
    difference_hash,
    examine_photo,
    from_unit,
    photo_size,
    read_mask,
    read_photo,
    read_png_record,
    read_png_text,
    read_reduced,
    save_png,
    to_unit,
)
from engine.errors import EngineError
from engine.geometry import Size

RED, WHITE, BLACK = (255, 0, 0), (255, 255, 255), (0, 0, 0)


def picture(height: int = 40, width: int = 64) -> np.ndarray:
    """Red in the upper left quarter, a grey ramp elsewhere."""
    ramp = np.linspace(0, 255, width).astype(np.uint8)
    image = np.repeat(np.tile(ramp, (height, 1))[..., None], 3, axis=2)
    image[: height // 2, : width // 2] = RED
    return image


# --- every mode, as a person sees it ---------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".ppm"])
def test_plain_photos_are_read_exactly(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"photo{suffix}"
    Image.fromarray(picture()).save(file)
    photo = read_photo(file)
    assert photo.dtype == np.uint8
    assert photo.flags.writeable
    np.testing.assert_array_equal(photo, picture())


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bit_grey_uses_the_full_range(tmp_path: Path, suffix: str) -> None:
    values = np.full((16, 20), 30000, dtype=np.uint16)
    values[0, :4] = 0, 65535, 257, 32768
    Image.fromarray(values).save(tmp_path / f"g{suffix}")
    photo = read_photo(tmp_path / f"g{suffix}")
    assert photo[0, :4, 0].tolist() == [0, 255, 1, 128]
    assert (photo[..., 0] == photo[..., 2]).all()


def test_16_bit_rgb_uses_the_full_range(tmp_path: Path) -> None:
    cv2 = pytest.importorskip("cv2")
    values = np.zeros((16, 20, 3), dtype=np.uint16)
    values[..., 0], values[..., 1] = 65535, 32896  # BGR: full blue, half green
    for name in ("c.png", "c.tif"):
        assert cv2.imwrite(str(tmp_path / name), values)
        assert read_photo(tmp_path / name)[3, 3].tolist() == [0, 128, 255]


def test_32_bit_integers_are_refused(tmp_path: Path) -> None:
    Image.fromarray(np.full((16, 20), 10**6, dtype=np.int32)).save(tmp_path / "i.tif")
    with pytest.raises(EngineError, match=r"i\.tif holds 32-bit values"):
        read_photo(tmp_path / "i.tif")


def test_float_photos_are_read_from_0_to_1_and_never_stretched(tmp_path: Path) -> None:
    values = np.full((16, 20), 0.5, dtype=np.float32)
    values[0, :3] = 0.25, -0.01, 1.02
    Image.fromarray(values).save(tmp_path / "f.tif")
    assert read_photo(tmp_path / "f.tif")[0, :4, 1].tolist() == [64, 0, 255, 128]
    Image.fromarray(values * 200).save(tmp_path / "wide.tif")
    with pytest.raises(EngineError, match=r"wide\.tif holds floating point values outside"):
        read_photo(tmp_path / "wide.tif")


def test_transparency_is_seen_over_white(tmp_path: Path) -> None:
    rgba = np.zeros((20, 20, 4), dtype=np.uint8)
    rgba[:10] = (255, 0, 0, 255)
    Image.fromarray(rgba).save(tmp_path / "rgba.png")
    photo = read_photo(tmp_path / "rgba.png")
    assert photo[0, 0].tolist() == list(RED)
    assert photo[-1, 0].tolist() == list(WHITE)
    Image.fromarray(rgba).convert("LA").save(tmp_path / "la.png")
    assert read_photo(tmp_path / "la.png")[-1, 0].tolist() == list(WHITE)


def test_palette_with_and_without_transparency(tmp_path: Path) -> None:
    paletted = Image.new("P", (20, 20), 0)
    paletted.putpalette([*BLACK, *RED])
    paletted.paste(1, (0, 0, 10, 20))
    paletted.save(tmp_path / "p.png")
    paletted.save(tmp_path / "t.png", transparency=0)
    assert read_photo(tmp_path / "p.png")[0, [0, -1]].tolist() == [list(RED), list(BLACK)]
    assert read_photo(tmp_path / "t.png")[0, [0, -1]].tolist() == [list(RED), list(WHITE)]


def test_one_bit_grey_and_cmyk(tmp_path: Path) -> None:
    ones = Image.new("1", (20, 20), 1)
    ones.save(tmp_path / "one.png")
    assert (read_photo(tmp_path / "one.png") == 255).all()
    Image.new("L", (20, 20), 77).save(tmp_path / "l.png")
    assert (read_photo(tmp_path / "l.png") == 77).all()
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(tmp_path / "cmyk.jpg", quality=95)
    assert abs(read_photo(tmp_path / "cmyk.jpg")[5, 5].astype(int) - RED).max() < 8


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(tmp_path: Path, suffix: str, orientation: int) -> None:
    """The file is stored so that, turned as its tag says, the red quarter is at the upper left."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = Image.fromarray(picture())
    stored = image.transpose(undo[orientation]) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = tmp_path / f"turned{suffix}"
    stored.save(file, exif=exif, **({"quality": 95, "subsampling": 0} if suffix == ".jpg" else {}))
    photo = read_photo(file)
    assert photo.shape == (40, 64, 3)
    assert photo_size(file) == Size(64, 40)
    assert abs(photo[5, 5].astype(int) - RED).max() < 12
    assert abs(photo.astype(int) - picture()).mean() < 4
    assert read_reduced(file, 32).shape == (20, 32, 3)


# --- what cannot be used ---------------------------------------------------------------------------------


def refused(file: Path) -> str:
    """The one sentence with which a file is refused, by everything that reads it."""
    with pytest.raises(EngineError) as caught:
        read_photo(file)
    with pytest.raises(EngineError) as examined:
        examine_photo(file)
    assert str(file) in caught.value.message
    assert examined.value.message == caught.value.message
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_photo_that_is_cut_off_is_refused(tmp_path: Path, suffix: str) -> None:
    rng = np.random.default_rng(0)
    file = tmp_path / f"cut{suffix}"
    Image.fromarray(rng.integers(0, 255, (400, 600, 3), dtype=np.uint8)).save(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert "damaged or cut off" in refused(file)


def test_files_that_are_no_photos_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_text("this is no picture")
    (tmp_path / "folder.png").mkdir()
    assert "0 bytes" in refused(tmp_path / "empty.png")
    assert "not an image" in refused(tmp_path / "text.png")
    assert "cannot be opened" in refused(tmp_path / "folder.png")
    assert "does not exist" in refused(tmp_path / "none.png")


def test_a_tiny_photo_is_refused(tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    assert "1×1 pixels" in refused(tmp_path / "dot.png")


def test_the_limit_of_pixels_is_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("1", (10_000, 9_500)).save(tmp_path / "large.png")  # above PIL's limit
    assert photo_size(tmp_path / "large.png") == Size(10_000, 9_500)
    monkeypatch.setattr(images, "MAX_PIXELS", 94_000_000)
    with pytest.raises(EngineError, match="95 million pixels; at most 94 million"):
        read_photo(tmp_path / "large.png")


# --- masks -----------------------------------------------------------------------------------------------

MASK = np.zeros((40, 64), dtype=bool)
MASK[10:20, 30:50] = True
PHOTO = Size(64, 40)


def mask_of(file: Path) -> np.ndarray:
    return read_mask(file, PHOTO, file.with_name("photo.jpg"))


@pytest.mark.parametrize(
    "values",
    [
        MASK.astype(np.uint8) * 255,
        MASK.astype(np.uint8),
        MASK.astype(np.uint8) * 3,
        MASK.astype(np.uint16) * 65535,
        MASK.astype(np.uint16),
        np.where(MASK[..., None], np.uint8([200, 0, 0]), np.uint8([0, 0, 0])),
        np.where(MASK[..., None], np.uint8([255, 255, 255, 255]), np.uint8([255, 255, 255, 0])),
    ],
    ids=["255", "0/1", "label 3", "16 bit", "16 bit 0/1", "red", "white on transparent"],
)
def test_masks_of_any_kind(tmp_path: Path, values: np.ndarray) -> None:
    Image.fromarray(values).save(tmp_path / "m.png")
    np.testing.assert_array_equal(mask_of(tmp_path / "m.png"), MASK)


def test_masks_as_palette_one_bit_and_jpeg(tmp_path: Path) -> None:
    labels = Image.fromarray(MASK.astype(np.uint8)).convert("P")
    labels.putpalette([*BLACK, 128, 0, 0])
    labels.save(tmp_path / "p.png")
    Image.fromarray(MASK).save(tmp_path / "one.png")
    Image.fromarray(MASK.astype(np.uint8) * 255).save(tmp_path / "m.jpg", quality=90)
    for name in ("p.png", "one.png", "m.jpg"):
        np.testing.assert_array_equal(mask_of(tmp_path / name), MASK)


def test_soft_edges_are_cut_at_half(tmp_path: Path) -> None:
    values = np.full((40, 64), 100, dtype=np.uint8)
    values[MASK] = 140
    Image.fromarray(values).save(tmp_path / "m.png")
    np.testing.assert_array_equal(mask_of(tmp_path / "m.png"), MASK)


def test_a_mask_of_another_size_names_both_files(tmp_path: Path) -> None:
    Image.fromarray(MASK).save(tmp_path / "m.png")
    with pytest.raises(EngineError, match=r"m\.png is 64×40 pixels, its photo .*p\.jpg is 40×64") as caught:
        read_mask(tmp_path / "m.png", Size(40, 64), tmp_path / "p.jpg")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["m.png", "m.jpg"])
def test_a_black_mask_is_refused(tmp_path: Path, name: str) -> None:
    dark = np.zeros((40, 64), dtype=np.uint8)
    if name.endswith("jpg"):
        dark[3, 3] = 9  # what compression leaves
    Image.fromarray(dark).save(tmp_path / name, quality=95)
    with pytest.raises(EngineError, match="all black"):
        mask_of(tmp_path / name)


# --- writing, ranges, hashes -----------------------------------------------------------------------------


def test_png_round_trip_with_text(tmp_path: Path) -> None:
    file = tmp_path / "sample.png"
    save_png(file, picture(), {"anogen": '{"seed": 7}', "note": "Riß − größer"})
    np.testing.assert_array_equal(read_photo(file), picture())
    assert read_png_text(file)["note"] == "Riß − größer"
    assert read_png_record(file) == {"seed": 7}
    first = file.read_bytes()
    save_png(file, picture(), {"anogen": '{"seed": 7}', "note": "Riß − größer"})
    assert file.read_bytes() == first


def test_bool_masks_are_written_as_0_and_255(tmp_path: Path) -> None:
    save_png(tmp_path / "m.png", MASK)
    with Image.open(tmp_path / "m.png") as image:
        assert image.mode == "L"
        assert set(np.unique(np.asarray(image)).tolist()) == {0, 255}
    np.testing.assert_array_equal(mask_of(tmp_path / "m.png"), MASK)


def test_text_is_only_looked_for_in_png(tmp_path: Path) -> None:
    Image.fromarray(picture()).save(tmp_path / "photo.jpg")
    with pytest.raises(EngineError, match="is no PNG"):
        read_png_text(tmp_path / "photo.jpg")
    save_png(tmp_path / "plain.png", picture())
    assert read_png_record(tmp_path / "plain.png") is None


def test_unit_range_round_trip_is_exact() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    unit = to_unit(levels)
    assert unit.shape == (3, 16, 16)
    assert unit.dtype == np.float32
    assert (unit.min(), unit.max()) == (-1.0, 1.0)
    np.testing.assert_array_equal(from_unit(unit), levels)
    assert from_unit(np.full((3, 2, 2), 5.0)).tolist() == np.full((2, 2, 3), 255).tolist()


def test_difference_hash_by_hand() -> None:
    rising = np.tile(np.repeat(np.arange(9, dtype=np.uint8) * 20, 10), (80, 1))
    assert difference_hash(rising) == 2**64 - 1
    assert difference_hash(rising[:, ::-1].copy()) == 0
    half = np.concatenate([rising[:40], rising[:40, ::-1]])
    assert difference_hash(half) == (2**32 - 1) << 32


def test_examining_gives_size_and_a_hash_that_survives_compression(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    coarse = Image.fromarray(rng.integers(0, 255, (8, 9, 3), dtype=np.uint8))
    image = coarse.resize((900, 800), Image.Resampling.BICUBIC)
    image.save(tmp_path / "a.png")
    image.save(tmp_path / "b.jpg", quality=60)
    facts, other = examine_photo(tmp_path / "a.png"), examine_photo(tmp_path / "b.jpg")
    assert facts.size == Size(900, 800)
    assert (facts.dhash ^ other.dhash).bit_count() <= 2
    image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "c.png")
    assert (facts.dhash ^ examine_photo(tmp_path / "c.png").dhash).bit_count() > 10
