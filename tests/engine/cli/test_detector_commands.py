"""*train*, *evaluate*, *compare* and *inspect*, on a small product and tiny networks."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from PIL import Image

from engine.detection import draem, training
from engine.detection.evaluation import LABELS
from engine.project import Project
from tests.conftest import Anogen, Result
from tests.engine.project.product import HEIGHT, WIDTH, write_mvtec, write_photo, write_sample

SHORT = ("--steps", 3, "--side", 32, "--batch-size", 4, "--heatmaps-every", 2)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(draem._WIDTHS, "light", (2, 2))
    monkeypatch.setattr(training, "_EVALUATE_EVERY", 2)


@pytest.fixture
def with_samples(product: Path) -> Path:
    """The product with two support photos and two samples, one of them accepted."""
    with Project.open(product) as project:
        project.set_supports(
            "crack", [project.find_photo("000", "crack"), project.find_photo("001", "crack")]
        )
        for stem in ("00000-000", "00001-001"):
            project.record(write_sample(product, stem))
        project.set_verdict(project.samples()[0].id, "accepted")
    return product


def trained(anogen: Anogen, *words: object) -> str:
    """The name of a run that was trained just now."""
    result = anogen("train", "P", *SHORT, *words, "--json")
    assert result.code == 0, result.err
    (written,) = [line for line in result.lines if line["event"] == "FileWritten"]
    return Path(written["path"]).parent.name


# --- train ---------------------------------------------------------------------------------------------


def test_train_says_what_it_does(anogen: Anogen, with_samples: Path) -> None:
    result = anogen("train", "P", *SHORT)
    assert result.code == 0, result.err
    assert "Training draem (anogen, light) on 4 good photos and 1 sample" in result.out
    assert "Next: anogen evaluate P draem-anogen-light-" in result.out
    again = anogen("train", "P", *SHORT)
    assert "is trained already with these settings" in again.err
    assert again.code == 0
    assert "Next: anogen evaluate P draem-anogen-light-" in anogen("train", "P", *SHORT, "--again").out


def test_all_takes_samples_without_a_verdict(anogen: Anogen, with_samples: Path) -> None:
    assert "and 2 samples" in anogen("train", "P", *SHORT, "--all").out
    assert "4 good photos\n" in anogen("train", "P", *SHORT, "--recipe", "baseline").out


def test_heatmaps_are_of_bad_photos_and_a_good_one_never_of_tests(anogen: Anogen, with_samples: Path) -> None:
    run = trained(anogen)
    with Image.open(with_samples / "runs" / run / "heatmaps" / "000002.png") as picture:
        assert picture.size == (3 * 32, 2 * 32)  # two supports and a good photo, above their heatmaps


def test_a_run_is_in_the_catalogue(anogen: Anogen, with_samples: Path) -> None:
    run = trained(anogen)
    with Project.open(with_samples) as project:
        assert [(row.name, row.state) for row in project.runs()] == [(run, "done")]


def test_a_catalogue_that_is_made_anew_knows_the_run(anogen: Anogen, with_samples: Path) -> None:
    run = trained(anogen)
    for file in with_samples.glob("project.sqlite*"):
        file.unlink()
    with Project.rebuild(with_samples) as project:
        assert [(row.name, row.state) for row in project.runs()] == [(run, "done")]


def test_none_of_the_samples_accepted(anogen: Anogen, with_samples: Path) -> None:
    with Project.open(with_samples) as project:
        project.set_verdicts([sample.id for sample in project.samples()], "rejected")
    for words in ((), ("--all",)):
        result = anogen("train", "P", *SHORT, *words)
        assert result.code == 1
        assert "None of the 2 samples is accepted." in result.err or "There are no samples" in result.err


def test_no_samples_and_no_photos(anogen: Anogen, product: Path) -> None:
    assert "There are no samples to train a detector on." in anogen("train", "P", *SHORT).err
    anogen("new", "Q")
    assert "There are no good photos to train a detector on." in anogen("train", "Q", *SHORT).err


# --- evaluate and compare ------------------------------------------------------------------------------


def measured(result: Result) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in result.lines if line["event"] == "Measured"}


def test_evaluate_measures_with_and_without_supports(anogen: Anogen, with_samples: Path) -> None:
    run = trained(anogen)
    result = anogen("evaluate", "P", run, "--resamples", 10, "--json")
    assert result.code == 0, result.err
    figures = measured(result)
    kinds = LABELS.values()
    assert set(figures) == {f"{kind}, {of}" for of in ("all test", "supports excluded") for kind in kinds}
    for figure in figures.values():
        low, high = figure["interval"]
        assert 0 <= low <= high <= 1
        assert 0 <= figure["value"] <= 1
    kept = msgspec.json.decode((with_samples / "runs" / run / "evaluation.json").read_bytes())
    assert len(kept["photos"]) == 6  # four test photos and two supports
    assert {photo["is_support"] for photo in kept["photos"]} == {True, False}
    text = anogen("evaluate", "P", run, "--resamples", 10)
    assert "pixel AP, supports excluded" in text.out
    assert " to " in text.out


def test_compare_a_run_with_itself_and_with_another(anogen: Anogen, with_samples: Path) -> None:
    first, second = trained(anogen), trained(anogen, "--recipe", "baseline")
    same = measured(anogen("compare", "P", first, first, "--resamples", 10, "--json"))
    assert {(figure["value"], figure["unit"]) for figure in same.values()} == {(0.0, "no measurable change")}
    other = anogen("compare", "P", first, second, "--resamples", 10, "--json")
    assert other.code == 0, other.err
    assert len(measured(other)) == len(LABELS)
    assert {figure["unit"] for figure in measured(other).values()} <= {
        "helped", "hurt", "no measurable change",
    }  # fmt: skip


def test_what_cannot_be_measured(anogen: Anogen, with_samples: Path) -> None:
    run = trained(anogen)
    assert "There is no trained run “none”" in anogen("evaluate", "P", "none").err
    with Project.open(with_samples) as project:
        project.set_roles([(photo, "bad", "crack") for photo in project.photos("test")])
    assert "There are no test photos" in anogen("evaluate", "P", run).err


@pytest.fixture
def with_many_goods(anogen: Anogen, product: Path, tmp_path: Path) -> Path:
    """The product with twenty good photos, of which four are held out."""
    anogen("import", "P", write_mvtec(tmp_path / "many", goods=20, cracked=1))
    return product


def test_good_photos_held_out_say_the_threshold(
    anogen: Anogen, with_many_goods: Path, tmp_path: Path
) -> None:
    result = anogen("train", "P", *SHORT, "--recipe", "baseline", "--json")
    held_out = {line["photo"]: line["score"] for line in result.lines if line["event"] == "PhotoInspected"}
    assert len(held_out) == 4
    highest = max(held_out.values())
    assert measured(result)["threshold, at most 1.0% false alarms"]["value"] == highest
    (warned,) = [line["message"] for line in result.lines if line["event"] == "Warned"]
    assert "may reject 20% of new good ones; at most 1.0% takes 99." in warned

    evaluated = anogen("evaluate", "P", "draem", "--resamples", 10, "--target-false-alarms", 0.3, "--json")
    figures = measured(evaluated)
    fourth_of_four = highest  # ⌈5 · 0.7⌉
    assert figures["threshold, at most 30.0% false alarms"]["value"] == fourth_of_four
    assert not [line for line in evaluated.lines if line["event"] == "Warned"]
    for kind, total in (("missed", 4), ("false alarms", 2)):
        (figure,) = [each for name, each in figures.items() if name.startswith(f"{kind}, ")]
        assert str(figure["name"]).endswith(f"of {total}")
        low, high = figure["interval"]
        assert 0 <= low <= figure["value"] <= high <= 1
    text = anogen("evaluate", "P", "draem", "--resamples", 10)
    assert "threshold, at most 1.0% false alarms" in text.out
    assert "missed, " in text.out

    anogen("inspect", "P", "draem", with_many_goods / "photos/good", "--out", "maps")
    rows = list(csv.DictReader((tmp_path / "maps" / "scores.csv").read_text().splitlines()))
    assert len(rows) == 20
    assert {row["verdict"] for row in rows if row["file"].endswith(tuple(held_out))} == {"OK"}
    assert all((row["verdict"] == "NG") == (float(row["score"]) > highest + 1e-6) for row in rows)


@pytest.mark.parametrize("target", ["0", "1", "-0.1", "many"])
def test_a_target_is_a_share(anogen: Anogen, product: Path, target: str) -> None:
    result = anogen("evaluate", "P", "draem", f"--target-false-alarms={target}")
    assert result.code == 2
    assert "--target-false-alarms" in result.err


# --- inspect -------------------------------------------------------------------------------------------


def test_inspect_writes_heatmaps_maps_and_scores(anogen: Anogen, with_samples: Path, tmp_path: Path) -> None:
    run = trained(anogen)
    photos = [write_photo(tmp_path / "new" / name, seed=1) for name in ("one.png", "two.jpg")]
    (tmp_path / "new" / "notes.txt").write_text("no photo")
    (tmp_path / "new" / "broken.png").write_text("no photo")
    result = anogen("inspect", "P", run, "new", "--out", "maps")
    assert result.code == 0, result.err
    assert "1 file could not be used" in result.err
    assert "broken.png" in result.err
    rows = list(csv.DictReader((tmp_path / "maps" / "scores.csv").read_text().splitlines()))
    assert [row["file"] for row in rows] == [str(photo) for photo in photos]
    for row in rows:
        assert 0 <= float(row["score"]) <= 1
        assert row["verdict"] == ""  # too few good photos to hold some out
        with Image.open(tmp_path / "maps" / row["map"]) as raw:
            assert raw.size == (WIDTH, HEIGHT)
            assert np.asarray(raw).dtype == np.uint16
        with Image.open(tmp_path / "maps" / row["heatmap"]) as heatmap:
            assert (heatmap.size, heatmap.mode) == ((WIDTH, HEIGHT), "RGB")


def test_verdicts_follow_the_bands_of_the_run(anogen: Anogen, with_samples: Path, tmp_path: Path) -> None:
    run = trained(anogen)
    write_photo(tmp_path / "new" / "one.png", seed=1)
    verdicts = []
    for bands in ((-2.0, -1.0), (-1.0, 2.0), (2.0, 3.0)):
        with Project.open(with_samples) as project:
            project.set_bands(next(row.id for row in project.runs() if row.name == run), *bands)
        anogen("inspect", "P", run, "new", "--out", "maps")
        (row,) = csv.DictReader((tmp_path / "maps" / "scores.csv").read_text().splitlines())
        verdicts.append(row["verdict"])
    assert verdicts == ["NG", "look again", "OK"]


def test_what_was_inspected_is_known_again_by_a_catalogue_that_lost_it(
    anogen: Anogen, with_samples: Path, tmp_path: Path
) -> None:
    run = trained(anogen)
    photo = write_photo(tmp_path / "new" / "one.png", seed=1)
    anogen("inspect", "P", run, "new", "--out", "maps")
    with Project.open(with_samples) as project:
        (before,) = [each for each in project.inspections(run) if each.photo == str(photo)]
        project.catalogue.change("DELETE FROM inspection")
    with Project.open(with_samples) as project:
        after = project.inspection(run, str(photo))
    assert after is not None
    assert (after.score, after.map) == (before.score, before.map)


def test_inspecting_two_photos_of_one_name(anogen: Anogen, with_samples: Path, tmp_path: Path) -> None:
    run = trained(anogen)
    for folder in ("a", "b"):
        write_photo(tmp_path / folder / "one.png", seed=1)
    assert anogen("inspect", "P", run, "a", "b", "--out", "maps", "--json").code == 0
    written = sorted(path.name for path in (tmp_path / "maps").iterdir())
    assert written == [
        "one-2_heatmap.png", "one-2_map.png", "one_heatmap.png", "one_map.png", "scores.csv",
    ]  # fmt: skip


def test_what_cannot_be_inspected(anogen: Anogen, with_samples: Path, tmp_path: Path) -> None:
    run = trained(anogen)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notes.txt").write_text("no photo")
    assert "There are no photos in" in anogen("inspect", "P", run, "texts", "--out", "maps").err
    assert "is not an image" in anogen("inspect", "P", run, "texts/notes.txt", "--out", "maps").err
    unknown = anogen("inspect", "P", "draem-x", "texts", "--out", "maps")
    assert unknown.code == 1
    assert "There are no photos" in unknown.err or "There is no trained run" in unknown.err


def test_the_beginning_of_a_name_is_enough_where_it_is_clear(
    anogen: Anogen, with_samples: Path, tmp_path: Path
) -> None:
    photo = write_photo(tmp_path / "one.png", seed=1)
    trained(anogen)
    trained(anogen, "--recipe", "baseline")
    assert anogen("inspect", "P", "draem-base", photo, "--out", "maps").code == 0
    assert "can mean several runs" in anogen("inspect", "P", "draem", photo, "--out", "maps").err
    assert "There is no trained run “dream”" in anogen("inspect", "P", "dream", photo, "--out", "maps").err


# --- export --------------------------------------------------------------------------------------------


def test_a_detector_is_exported_with_its_bands(anogen: Anogen, with_samples: Path, tmp_path: Path) -> None:
    import onnx

    name = trained(anogen)
    with Project.open(with_samples) as project:
        (run,) = project.runs()
        project.set_bands(run.id, 0.25, 0.5)
    result = anogen("detector", "export", "P", "draem", "--out", "detector.onnx")
    assert result.code == 0, result.err
    assert "largest difference of the anomaly map" in result.out
    facts = {each.key: each.value for each in onnx.load(str(tmp_path / "detector.onnx")).metadata_props}
    assert (facts["run"], facts["look_again_above"], facts["reject_above"]) == (name, "0.25", "0.5")


def test_what_cannot_be_exported(anogen: Anogen, with_samples: Path) -> None:
    trained(anogen)
    unknown = anogen("detector", "export", "P", "none", "--out", "detector.onnx")
    assert "There is no trained run “none”" in unknown.err
    suffix = anogen("detector", "export", "P", "draem", "--out", "detector.xml")
    assert "A file of the format onnx has to end in .onnx, not detector.xml." in suffix.err
