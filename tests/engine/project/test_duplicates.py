import os
from pathlib import Path

import pytest
from PIL import Image

from engine.data.images import examine_photo
from engine.project.duplicates import MAX_HASH_DISTANCE, hash_distance, is_same_shot, thumbnail

DATA = Path(os.environ.get("ANOGEN_DATA", Path(__file__).parents[4] / "shared" / "data"))


def test_hash_distance_counts_bits() -> None:
    assert hash_distance(0b1011, 0b0010) == 2


@pytest.mark.real_photos
@pytest.mark.skipif(not DATA.is_dir(), reason="the real photos are not here")
@pytest.mark.parametrize(("product", "anomaly"), [("cookie", "cracked"), ("toothbrush", "defective")])
def test_different_real_photos_are_no_duplicates_and_recompressed_ones_are(
    tmp_path: Path, product: str, anomaly: str
) -> None:
    files = sorted((DATA / product / "test" / anomaly).iterdir())[:14]
    thumbnails = [thumbnail(file) for file in files]
    for place, first in enumerate(thumbnails):
        assert not any(is_same_shot(first, second) for second in thumbnails[place + 1 :])
    for file, original in zip(files[:4], thumbnails, strict=False):
        with Image.open(file) as image:
            image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS).save(
                tmp_path / "copy.jpg", quality=60
            )
        distance = hash_distance(examine_photo(file).dhash, examine_photo(tmp_path / "copy.jpg").dhash)
        assert distance <= MAX_HASH_DISTANCE
        assert is_same_shot(thumbnail(tmp_path / "copy.jpg"), original)
