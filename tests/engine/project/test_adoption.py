import json
import shutil
import struct
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.data.images import save_png
from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.records import read_embedding_record
from engine.protocol import Finished, GenerateJob, Placement, Started
from tests.engine.project.product import (
    HEIGHT,
    WIDTH,
    pixels,
    write_embedding,
    write_mask,
    write_photo,
    write_sample,
)


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.folder)


def test_orphans_of_a_killed_engine_are_adopted(product: Project) -> None:
    event = write_sample(product.folder, "000-0000", run="gen-1")
    write_embedding(product.folder, steps=42)
    with reopened(product) as again:
        assert (again.adopted.samples, again.adopted.embeddings) == (1, 1)
        (sample,) = again.samples()
        assert (sample.path, sample.mask, sample.photo, sample.run) == (
            event.image,
            event.mask,
            event.photo,
            "gen-1",
        )
        assert (sample.seed, sample.boxes, sample.flags) == (7, event.boxes, event.flags)
        assert (again.embedding("crack").backbone, again.embedding("crack").steps) == ("embedded", 42)
        with reopened(again) as third:
            assert (third.adopted.samples, third.adopted.embeddings) == (0, 0)
            assert len(third.samples()) == 1


def test_what_is_unfinished_is_no_sample(product: Project) -> None:
    event = write_sample(product.folder, "000-0000")
    (product.folder / event.mask).unlink()
    half = product.folder / "samples" / "crack" / "run1" / ".writing-12345678-x.png"
    half.write_bytes(b"half")
    with reopened(product) as again:
        assert again.samples() == []
        assert again.adopted.refused == []
        assert not half.exists()


def test_a_picture_that_says_nothing_of_itself_is_told_and_left(product: Project) -> None:
    for name in ("x.png", "x_mask.png"):
        save_png(product.folder / "samples" / "crack" / "run1" / name, pixels(1))
    (product.folder / "embeddings" / "crack").mkdir()
    (product.folder / "embeddings" / "crack" / "bad.safetensors").write_bytes(b"no header")
    with reopened(product) as again:
        assert [refused.path for refused in again.adopted.refused] == [
            "embeddings/crack/bad.safetensors",
            "samples/crack/run1/x.png",
        ]
        assert again.samples() == []
        assert (again.folder / "samples/crack/run1/x.png").is_file()


def test_missing_files_are_marked_and_come_back(product: Project) -> None:
    event = write_sample(product.folder, "s")
    product.record(event)
    photo = product.find_photo("good/001")
    for path in (photo.path, event.image):
        (product.folder / path).rename(product.folder / Path(path).name)
    with reopened(product) as again:
        assert again.adopted.missing == [photo.path, event.image]
        assert again.find_photo("good/001").is_missing
        assert again.samples()[0].is_missing
        for path in (photo.path, event.image):
            (again.folder / Path(path).name).rename(again.folder / path)
        with reopened(again) as third:
            assert third.adopted.missing == []
            assert not third.find_photo("good/001").is_missing
            assert not third.samples()[0].is_missing


def test_photos_put_into_the_folder_are_adopted_by_their_place(product: Project) -> None:
    write_photo(product.folder / "photos" / "bad" / "dent" / "new.png", 50)
    write_mask(product.folder / "masks" / "dent" / "new_mask.png")
    write_photo(product.folder / "photos" / "bad" / "dent" / "odd.png", 51)
    write_mask(product.folder / "masks" / "dent" / "odd_mask.png", width=20)
    (product.folder / "photos" / "good" / "text.png").write_text("no picture")
    (product.folder / "photos" / "good" / "notes.txt").write_text("ignored")
    shutil.copyfile(product.folder / "photos/good/000.png", product.folder / "photos/good/copy.png")
    with reopened(product) as again:
        assert again.adopted.photos == 2
        new, odd = again.photos("bad", "dent")
        assert (new.name, new.mask) == ("new", "masks/dent/new_mask.png")
        assert (odd.name, odd.mask) == ("odd", "")
        (refused,) = again.adopted.refused
        assert refused.path == "photos/good/text.png"
        assert len(again.photos("good")) == 4


def test_a_support_photo_put_among_the_tests_again_is_no_test(product: Project) -> None:
    """Compressed and resized, it shows the same shot."""
    support = product.find_photo("000", "crack")
    product.set_supports("crack", [support])
    with Image.open(product.folder / support.path) as photo:
        twin = photo.resize((photo.width * 2, photo.height * 2), Image.Resampling.BICUBIC)
    twin.save(product.folder / "photos" / "test" / "crack" / "twin.jpg", quality=90)
    write_photo(product.folder / "photos" / "test" / "crack" / "other.png", 52)
    with reopened(product) as again:
        assert "twin" not in [photo.name for photo in again.photos()]
        assert again.find_photo("other").role == "test"
        (refused,) = again.adopted.refused
        assert refused.path == "photos/test/crack/twin.jpg"
        assert f"nearly the same as the bad photo '000' ({support.path})" in refused.reason


def test_a_photo_that_was_moved_keeps_its_row(product: Project) -> None:
    photo = product.find_photo("good/001")
    (product.folder / photo.path).rename(product.folder / "photos/good/renamed.png")
    with reopened(product) as again:
        assert again.adopted.photos == 0
        moved = again.find_photo("renamed")
        assert (moved.id, moved.is_missing, moved.role) == (photo.id, False, "good")


@pytest.mark.parametrize("damage", ["boxes = '[{'", "flags = '[7]'", "boxes = '', flags = '{}'"])
def test_a_damaged_row_is_mended_from_the_samples_file(product: Project, damage: str) -> None:
    product.record(write_sample(product.folder, "s1"))
    product.record(write_sample(product.folder, "gone"))
    for sample in product.samples():
        product.set_verdict(sample.id, "accepted")
    whole, gone = product.samples()
    (product.folder / gone.path).unlink()
    product.catalogue.change(f"UPDATE sample SET {damage}")
    with pytest.raises(EngineError, match=f"the catalogue says of the sample {whole.path} is damaged"):
        product.samples()
    with reopened(product) as again:
        first, second = again.samples()
        assert first == whole
        assert (second.verdict, second.boxes, second.is_missing) == ("accepted", (), True)


def test_a_known_run_is_not_adopted_again(product: Project) -> None:
    job = GenerateJob(project="P", anomaly="crack", embedding="e", placements=(Placement(photo="p"),))
    product.record(Started(title="x"), job)
    product.record(Finished(outcome="done"), job)
    for name, content in (("gen-1", msgspec.json.encode(job)), ("other", b"{}")):
        (product.folder / "runs" / name).mkdir()
        (product.folder / "runs" / name / "job.json").write_bytes(content)
    with reopened(product) as again:
        (run,) = again.runs()
        assert (run.name, run.state) == ("gen-1", "done")
        assert [refused.path for refused in again.adopted.refused] == ["runs/other/job.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"1234",
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        struct.pack("<Q", 4) + b"nope",
        struct.pack("<Q", 34) + json.dumps({"__metadata__": {"anogen": "[]"}}).encode(),
    ],
)
def test_rubbish_is_no_embedding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.safetensors").write_bytes(content)
    assert read_embedding_record(tmp_path / "x.safetensors") is None


def test_what_the_engine_writes_is_read(product: Project) -> None:
    """The engine's own sample and embedding are adopted; a support photo named there leaves the tests."""
    torch = pytest.importorskip("torch")
    from engine.diffusion.embedding import AnomalyEmbedding, Provenance
    from engine.diffusion.embedding import SupportRecord as Support
    from engine.diffusion.samples import SampleFiles, write_sample
    from engine.diffusion.samples import SampleRecord as Sample

    support = product.find_photo("000", "crack")
    provenance = Provenance(steps=31, supports=[Support(name="000", sha256=support.sha256)])
    embedding = AnomalyEmbedding(torch.ones(2, 4), "crack", "fine", "backbones/x", "hash", provenance)
    (product.folder / "embeddings" / "crack").mkdir()
    embedding.save(product.folder / "embeddings" / "crack" / "fine.safetensors")
    box = Box(center_x=9, center_y=8, width=7, height=6, angle_deg=5)
    record = Sample(
        anomaly="crack", embedding="embeddings/crack/fine.safetensors", embedding_sha256="", backbone="x",
        backbone_hash="", photo="photos/good/000.png", photo_sha256="", boxes=(box,), seed=11, settings={},
        run="r", index=0, flags=("nothing_changed",),
    )  # fmt: skip
    stem = "samples/crack/r/00000-000"
    mask = np.ones((HEIGHT, WIDTH), dtype=bool)
    write_sample(SampleFiles(product.folder, f"{stem}.png", f"{stem}_mask.png"), pixels(1), mask, record)
    with reopened(product) as again:
        assert again.adopted.refused == []
        found = again.embedding("crack", "fine")
        assert (found.backbone, found.steps) == ("backbones/x", 31)
        assert [each.name for each in again.supports("crack")] == ["000"]
        assert again.find_photo("000", "crack").role == "bad"
        (sample,) = again.samples()
        assert (sample.photo, sample.boxes, sample.seed) == ("photos/good/000.png", (box,), 11)
        assert sample.flags == ("nothing_changed",)
