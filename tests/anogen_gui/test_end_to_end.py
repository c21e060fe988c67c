"""From photos to exported samples in the real window, with the real engine and the embedded backbone."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]


def write_photos(folder: Path) -> None:
    """Six good parts and two with a dark spot."""
    rng = np.random.default_rng(0)
    for number in range(8):
        picture = rng.normal(150, 6, (128, 128, 3))
        picture[24:104, 24:104] += 40
        if number >= 6:
            picture[56:72, 48:80] = 30
        kind = "good" if number < 6 else "bad/spot"
        file = folder / kind / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.clip(0, 255).astype(np.uint8)).save(file)


@pytest.mark.timeout(600)
def test_a_person_gets_from_photos_to_exported_samples(tmp_path: Path) -> None:
    write_photos(tmp_path / "photos")
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
