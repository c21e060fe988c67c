"""From photos to samples, a detector, its report and a better one in the real window, with real engine and backbone."""

import os
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

ROOT = Path(__file__).parents[2]


def write_photos(folder: Path) -> None:
    """Good parts and some with a dark spot: to learn from, to test with (with their masks), and a new one."""
    for kind, spots in (
        ("photos/good", [None] * 6),
        ("photos/bad/spot", [(48, 56)] * 2),
        ("photos/test/good", [None] * 2),
        ("photos/test/spot", [(30, 28), (66, 84), (58, 36)]),
        ("new", [(34, 80)]),
    ):
        for number, spot in enumerate(spots):
            file = folder / kind / f"{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(_part(spot, crc32(f"{kind}/{number}".encode()))).save(file)
            if spot is not None and kind == "photos/test/spot":
                Image.fromarray(_mask(*spot)).save(file.with_name(f"{number}_mask.png"))


def _part(spot: tuple[int, int] | None, seed: int) -> NDArray[np.uint8]:
    picture = np.random.default_rng(seed).normal(150, 6, (128, 128, 3))
    picture[24:104, 24:104] += 40
    if spot is not None:
        picture[_mask(*spot)] = 30
    return picture.clip(0, 255).astype(np.uint8)


def _mask(left: int, top: int) -> NDArray[np.bool_]:
    mask = np.zeros((128, 128), bool)
    mask[top : top + 16, left : left + 32] = True
    return mask


@pytest.mark.timeout(600)
def test_a_person_gets_from_photos_to_a_detector_and_from_what_it_misses_to_another(tmp_path: Path) -> None:
    write_photos(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.anogen_gui.journey", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=580,
        check=False,
    )
    told = ended.stdout.splitlines()
    assert told[-1:] == ["arrived"], f"{told}\n{ended.stderr[-3000:]}"
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert "imported 6 good and 2 bad photos" in told
