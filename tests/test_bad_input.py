"""Bad input through the command line: one clear sentence, and nothing that was there is lost.

Tested elsewhere: a project opened twice and Ctrl-C in `engine/cli/test_console.py`; a read-only folder, a damaged
catalogue and unknown names in `engine/cli/test_commands.py`.
"""

import errno
import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from engine.data import files
from engine.diffusion.backbone.catalogue import check_backbone
from engine.diffusion.embedding import AnomalyEmbedding
from engine.project import Project
from tests.conftest import Anogen, Result
from tests.engine.diffusion.tiny_backbones import build
from tests.engine.project.product import write_mask, write_photo

GENERATE = ("generate", "P", "--anomaly", "crack", "--seed", "3", "--steps", "2", "--candidates", "1")


def contents(project: Path) -> dict[str, bytes]:
    """All files that a person would miss, by their path in the project."""
    kept = ("photos", "masks", "embeddings", "backbones", "samples")
    found = [path for folder in kept for path in (project / folder).rglob("*") if path.is_file()]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in found}


def assert_refused(result: Result, *words: str) -> None:
    """One sentence on stderr that says these words, what to do, and no traceback."""
    assert result.code == 1
    error, *hint = result.err.strip().splitlines()[-2:]
    assert error.startswith("Error: ")
    assert error.endswith(".")
    assert hint
    assert "Something went wrong" not in error
    for word in words:
        assert word in error
    assert "Traceback" not in result.err


def metadata_of(path: Path) -> dict[str, str]:
    """What a safetensors file says of itself."""
    header = path.read_bytes()
    length = int.from_bytes(header[:8], "little")
    return dict(json.loads(header[8 : 8 + length])["__metadata__"])


def fill_disk(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """There is room for so many files, and none for those after them."""
    flush, left = files._flush, iter(range(room))

    def flush_while_there_is_room(path: Path) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        flush(path)

    monkeypatch.setattr(files, "_flush", flush_while_there_is_room)


# --- photos and masks that come in ---------------------------------------------------------------------


def cut_off(path: Path) -> Path:
    """A JPEG of which the second half is missing."""
    write_photo(path, 900, width=400, height=300)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def of_size(width: int, height: int) -> Callable[[Path], None]:
    return lambda path: Image.new("1", (width, height)).save(path)


@pytest.mark.parametrize(
    ("name", "write", "said"),
    [
        ("cut.jpg", cut_off, "cut.jpg is damaged or cut off"),
        ("empty.png", lambda path: path.touch(), "empty.png is empty (0 bytes)"),
        ("text.png", lambda path: path.write_text("no picture"), "text.png is not an image"),
        ("dot.png", of_size(1, 1), "dot.png is only 1×1 pixels; at least 16×16"),
        ("huge.png", of_size(13_000, 10_000), "huge.png has 130 million pixels; at most 120 million"),
    ],
)
def test_a_bad_photo_is_told_and_keeps_no_other_out(
    anogen: Anogen, product: Path, name: str, write: Callable[[Path], object], said: str
) -> None:
    before = contents(product)
    more = product.parent / "more" / "good"
    write_photo(more / "fine.png", 901)
    write(more / name)
    result = anogen("import", "P", "more")
    assert result.code == 0
    assert "1 good photo imported" in result.out
    assert "1 file could not be used:" in result.err
    assert said in result.err
    after = contents(product)
    assert set(after) - set(before) == {"photos/good/fine.png"}
    assert before.items() <= after.items()
    assert_refused(anogen("import", "P", more / name, "--role", "good"), name)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: Image.new("L", (48, 40)).save(path), ("mask.png of", "new.png is all black")),
        (lambda path: write_mask(path, width=20), ("mask.png is 20×40 pixels", "new.png is 48×40")),
        (lambda path: path.write_text("no picture"), ("mask.png is not an image",)),
    ],
)
def test_a_bad_mask_is_told_and_nothing_comes_in(
    anogen: Anogen, product: Path, write: Callable[[Path], object], words: tuple[str, ...]
) -> None:
    before = contents(product)
    write_photo(product.parent / "new.png", 902)
    write(product.parent / "mask.png")
    assert_refused(anogen("import", "P", "new.png", "--anomaly", "crack", "--mask", "mask.png"), *words)
    assert contents(product) == before


# --- what a job works with -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("embedded", tmp_path_factory.mktemp("backbones") / "tiny")


@pytest.fixture
def learned(product: Path, backbone: Path) -> Path:
    """The product with an embedding of its own copy of a tiny backbone."""
    own = shutil.copytree(backbone, product.parent / "backbone")
    report = check_backbone(str(own))
    embedding = AnomalyEmbedding(torch.full((1, 8), 0.1), "crack", "first", str(own), report.hash)
    embedding.save(product / "embeddings" / "crack" / "first.safetensors")
    return product


def embedding_file(project: Path) -> Path:
    return project / "embeddings" / "crack" / "first.safetensors"


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("500,20,10,10", "lies outside"),
        ("20,20,0,10", "has no area"),
        ("20,20,0.5,10", "0.5×10 pixels, is thinner than 2 pixels"),
        ("24,20,60,20", "is larger than"),
        ("24,20,47,39,45", "is larger than"),
    ],
)
def test_a_box_that_cannot_be_filled_is_told(anogen: Anogen, learned: Path, box: str, said: str) -> None:
    before = contents(learned)
    result = anogen(*GENERATE, "--photo", "000", "--box", box)
    assert_refused(result, "000.png", said)
    assert contents(learned) == before


@pytest.mark.parametrize("box", ["nan,20,10,10", "20,20,inf,10", "20,20,10,10,-inf", "1e999,20,10,10"])
def test_a_box_of_no_numbers_is_not_understood(anogen: Anogen, learned: Path, box: str) -> None:
    result = anogen(*GENERATE, "--photo", "000", "--box", box)
    assert result.code == 2
    assert f"'{box}' is not a box: write X,Y,WIDTH,HEIGHT" in result.err


def test_a_photo_of_100_million_pixels_is_welcome(anogen: Anogen, learned: Path) -> None:
    Image.new("L", (10_000, 10_000), 120).save(learned.parent / "vast.jpg")
    assert anogen("import", "P", "vast.jpg", "--role", "good").code == 0
    box = ("--box", "9000,9000,40,30", "--box", "300,400,50,50,20")
    result = anogen(*GENERATE, "--photo", "vast", *box, "--count", "1", "--json")
    assert result.code == 0
    (sample,) = [line for line in result.lines if line["event"] == "SampleWritten"]
    with Image.open(sample["image"]) as image:
        assert image.size == (10_000, 10_000)


def test_a_photo_that_was_deleted_is_told(anogen: Anogen, learned: Path) -> None:
    (learned / "photos" / "good" / "001.png").unlink()
    (learned / "photos" / "test" / "crack" / "003.png").unlink()
    before = contents(learned)
    assert_refused(anogen(*GENERATE, "--photo", "001"), "001.png was deleted")
    learn = ("learn", "P", "--anomaly", "crack", "--support", "000", "--support", "003")
    assert_refused(anogen(*learn), "003.png was deleted")
    assert contents(learned) == before
    result = anogen(*GENERATE, "--count", "3")
    assert result.code == 0
    assert "001.png was deleted and is left out" in result.err
    assert "3 samples in" in result.out


def test_a_photo_that_was_damaged_keeps_no_sample_of_others_out(anogen: Anogen, learned: Path) -> None:
    damaged = learned / "photos" / "good" / "002.png"
    damaged.write_bytes(damaged.read_bytes()[:200])
    result = anogen(*GENERATE, "--count", "8")
    assert result.code == 0
    assert "6 samples in" in result.out
    assert "1 file could not be used:" in result.err
    assert "002.png is damaged or cut off" in result.err
    assert_refused(anogen(*GENERATE, "--photo", "002"), "002.png is damaged or cut off")


def test_a_full_disk_loses_no_finished_sample(
    anogen: Anogen, learned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fill_disk(patch, room=8)
        result = anogen(*GENERATE, "--count", "8")
    assert_refused(result, "The disk is full")
    finished = [path for path in contents(learned) if path.startswith("samples") and "_mask" not in path]
    assert 0 < len(finished) < 8
    assert not list(learned.rglob(f"{files.TEMPORARY_PREFIX}*"))

    again = anogen(*GENERATE, "--count", "8", "--json")
    samples = [line for line in again.lines if line["event"] == "SampleWritten"]
    assert [sample["reused"] for sample in samples] == [True] * len(finished) + [False] * (8 - len(finished))


# --- embeddings and backbones --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: save_file({"vectors": torch.zeros(2, 3, 4)}, path, metadata_of(path)), "2 × 3 × 4"),
        (lambda path: save_file({"vectors": torch.zeros(1, 5)}, path, metadata_of(path)), "have 5 numbers"),
        (lambda path: save_file({"weight": torch.zeros(1, 8)}, path), "is not an anomaly embedding"),
        (lambda path: path.write_bytes(path.read_bytes()[:-4]), "is damaged"),
        (lambda path: path.write_bytes(b""), "is damaged"),
    ],
)
def test_an_embedding_file_of_a_wrong_shape_is_told(
    anogen: Anogen, learned: Path, write: Callable[[Path], object], said: str
) -> None:
    with Project.open(learned) as project:
        assert project.embedding("crack").name == "first"
    write(embedding_file(learned))
    before = contents(learned)
    assert_refused(anogen(*GENERATE), said)
    assert contents(learned) == before


def test_an_embedding_of_another_backbone_is_refused(anogen: Anogen, learned: Path) -> None:
    shutil.rmtree(learned.parent / "backbone")
    build("embedded", learned.parent / "backbone", seed=1)
    before = contents(learned)
    assert_refused(anogen(*GENERATE), "“first” belongs to another version of the backbone")
    assert contents(learned) == before


def test_a_backbone_that_is_gone_or_half_is_told(anogen: Anogen, learned: Path) -> None:
    (learned.parent / "backbone" / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    assert_refused(anogen(*GENERATE), "unet")
    shutil.rmtree(learned.parent / "backbone")
    assert_refused(anogen(*GENERATE), "backbone")


class RunsCode:
    """Pickled, it asks whoever reads it to make a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
        import os

        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("is_zip", [False, True])
def test_a_pickle_that_tries_to_run_code_is_refused(anogen: Anogen, learned: Path, is_zip: bool) -> None:
    trap, file = learned.parent / "trap", learned.parent / "embeddings.pt"
    content = {"string_to_param": RunsCode(trap)}
    if is_zip:
        torch.save(content, file)
    else:
        file.write_bytes(pickle.dumps(content))
    before = contents(learned)
    words = ("embedding", "import", "P", file, "--anomaly", "crack", "--backbone", "backbone")
    assert_refused(anogen(*words), "embeddings.pt")
    assert not trap.exists()
    assert contents(learned) == before
