"""The facts of a report, against what was worked out by hand."""

import hashlib
import json
import os
from dataclasses import replace

import msgspec
import pytest

from engine.errors import EngineError
from engine.project import Project
from engine.protocol import FileWritten, PhotoInspected, Started, TrainJob
from engine.reporting.facts import Share
from engine.reporting.gather import gather
from engine.reporting.provenance import fingerprint
from engine.reporting.words import Words, figure_row
from tests.engine.reporting.inspected import RUN, SCORES


def test_only_real_test_photos_count(inspected: Project) -> None:
    report = gather(inspected, RUN)
    assert {each.photo: each.kind for each in report.results} == {
        "photos/test/crack/002.png": "test",
        "photos/test/crack/003.png": "test",
        "photos/test/100.png": "test",
        "photos/test/101.png": "test",
        "photos/test/crack/000.png": "kept_out",
        "photos/good/003.png": "held_out",
    }
    assert [each.score for each in report.results] == sorted(SCORES.values(), reverse=True)
    assert [each.photo for each in report.kept_out] == [
        "photos/test/crack/000.png",
        "photos/test/crack/001.png",
    ]
    assert all("support" in each.why for each in report.kept_out)


def test_what_becomes_of_the_photos_is_counted(inspected: Project) -> None:
    report = gather(inspected, "draem")  # how the name begins
    outcomes = report.outcomes
    assert outcomes is not None
    assert (outcomes.missed.count, outcomes.missed.total) == (1, 2)
    assert (outcomes.false_alarms.count, outcomes.false_alarms.total) == (1, 2)
    assert (outcomes.look_again.count, outcomes.look_again.total) == (1, 4)
    assert [each.name for each in report.tests() if each.is_missed] == ["test/crack/002.png"]
    assert [each.name for each in report.tests() if each.is_false_alarm] == ["test/100.png"]


def test_without_bands_of_a_person_the_threshold_is_that_of_the_photos_held_out(unset: Project) -> None:
    bands = gather(unset, RUN).bands
    assert bands is not None
    assert (bands.look_again_above, bands.reject_above, bands.normals) == (0.4, 0.4, 1)
    assert bands.false_alarm_rate == 0.5  # one of two places beside one photo


def test_without_any_threshold_nothing_is_counted(without_threshold: Project) -> None:
    report = gather(without_threshold, RUN)
    assert report.bands is None
    assert report.outcomes is None
    assert {each.band for each in report.results} == {None}


def test_figures_are_those_without_supports(inspected: Project) -> None:
    figures = gather(inspected, RUN).figures
    assert figures is not None
    assert [(each.name, each.value, each.low, each.high) for each in figures] == [
        ("image AUROC", 0.5, 0.25, 0.75),
        ("pixel AP", 0.625, 0.5, 0.7),
    ]


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"figures": 3}'])
def test_a_run_that_was_not_evaluated_says_which_command_does_it(
    inspected: Project, content: bytes | None
) -> None:
    file = inspected.folder / "runs" / RUN / "evaluation.json"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    report = gather(inspected, RUN)
    assert report.figures is None
    assert report.to_measure == f"`anogen evaluate {inspected.folder} {RUN}` does that."


def test_a_figure_that_no_resample_had_has_no_interval(inspected: Project) -> None:
    file = inspected.folder / "runs" / RUN / "evaluation.json"
    file.write_text(
        '{"figures": [{"name": "AUPRO, supports excluded", "value": 0.5, "interval": [null, null]}]}'
    )
    (figure,) = gather(inspected, RUN).figures or ()
    assert figure_row(figure)[:3] == ("AUPRO", "0.500", "not known")


def test_figures_of_an_earlier_detector_do_not_count(inspected: Project) -> None:
    file = inspected.folder / "runs" / RUN / "evaluation.json"
    os.utime(file.with_name("detector.safetensors"), ns=(0, file.stat().st_mtime_ns + 1))
    assert gather(inspected, RUN).figures is None


def test_figures_that_count_a_photo_that_was_learned_from_since_do_not_count(inspected: Project) -> None:
    file = inspected.folder / "runs" / RUN / "evaluation.json"
    told = json.loads(file.read_bytes())
    told["photos"] = [{"photo": photo, "is_support": "000" in photo} for photo in SCORES]
    file.write_text(json.dumps(told))
    assert gather(inspected, RUN).figures is not None
    (row,) = inspected.runs()
    assert isinstance(row.job, TrainJob)
    made = msgspec.structs.replace(row.job.samples[0], origin="photos/test/crack/002.png")
    inspected.record(Started(title="Training"), msgspec.structs.replace(row.job, samples=(made,)))
    report = gather(inspected, RUN)
    assert report.figures is None
    assert "photos/test/crack/002.png" in {each.photo for each in report.kept_out}


def test_a_removed_photo_counts_nowhere(inspected: Project) -> None:
    file = inspected.folder / "runs" / RUN / "evaluation.json"
    told = json.loads(file.read_bytes())
    told["photos"] = [{"photo": photo, "is_support": "000" in photo} for photo in SCORES]
    file.write_text(json.dumps(told))
    before = gather(inspected, RUN)
    removed = inspected.set_removed(
        [inspected.find_photo("test/100"), inspected.find_photo("good/000")], True
    )
    report = gather(inspected, RUN)
    assert {each.photo for each in before.results} - {each.photo for each in report.results} == {
        "photos/test/100.png"
    }
    assert report.outcomes is not None
    assert (report.outcomes.false_alarms.count, report.outcomes.false_alarms.total) == (0, 1)
    assert (before.figures is not None, report.figures) == (True, None)
    rows = [dict(each.settings)["Photos"][0] for each in (before, report)]
    assert rows[0] == rows[1], "it was learned from"
    inspected.set_removed(removed, False)
    assert replace(gather(inspected, RUN), created="") == replace(before, created="")


def test_a_detector_that_has_looked_at_no_test_photo_is_told_what_to_do(inspected: Project) -> None:
    inspected.forget_inspections(RUN, [each.photo for each in inspected.inspections(RUN)])
    with pytest.raises(EngineError, match="has not looked at the test photos yet") as told:
        gather(inspected, RUN)
    assert f"`anogen evaluate {inspected.folder} {RUN}`" in told.value.hint


def test_test_photos_that_were_not_looked_at_are_counted(inspected: Project) -> None:
    inspected.forget_inspections(RUN, ["photos/test/101.png"])
    assert gather(inspected, RUN).not_inspected == 1


def test_a_photo_of_a_line_is_new(inspected: Project) -> None:
    (row,) = inspected.runs()
    assert row.job is not None
    inspected.record(
        PhotoInspected(run=RUN, photo="/line/a.png", score=0.1, map="runs/x/maps/a.png"), row.job
    )
    (new,) = [each for each in gather(inspected, RUN).results if each.kind == "new"]
    assert (new.photo, new.is_anomalous, new.band) == ("/line/a.png", None, "ok")
    assert "1 further photo was looked at" in Words(gather(inspected, RUN)).guard()[1]


def test_a_photo_that_samples_were_made_for_is_kept_out(inspected: Project) -> None:
    """Another detector of the project learned from such samples."""
    (row,) = inspected.runs()
    job = row.job
    sample = msgspec.structs.replace(job.samples[0], origin="photos/test/crack/002.png")
    other = msgspec.structs.replace(job, samples=(sample,), goods=job.goods[:1])
    inspected.record(Started(title="Training"), other)
    inspected.record(FileWritten(path="runs/other/detector.safetensors"), other)
    report = gather(inspected, RUN)
    why = {each.photo: each.why for each in report.kept_out}
    assert "missed on it" in why["photos/test/crack/002.png"]
    assert report.outcomes is not None
    assert report.outcomes.missed.total == 1


def test_a_test_photo_whose_file_is_gone_is_left_out_and_told(inspected: Project) -> None:
    (inspected.folder / "photos/test/crack/002.png").unlink()
    told: list[str] = []
    report = gather(inspected, RUN, told.append)
    assert report.outcomes is not None
    assert (report.outcomes.missed.count, report.outcomes.missed.total) == (0, 1)
    assert report.not_inspected == 0
    assert [each.photo for each in report.results if each.kind == "missing"] == ["photos/test/crack/002.png"]
    assert "002.png was deleted" in told[0]


def test_a_photo_that_the_threshold_comes_from_is_no_test(inspected: Project) -> None:
    (photo,) = [each for each in inspected.photos() if each.path == "photos/good/003.png"]
    inspected.set_role(photo, "test")
    report = gather(inspected, RUN)
    assert {each.kind for each in report.results if each.photo == photo.path} == {"held_out"}
    assert report.not_inspected == 0


def test_opinions_are_apart_from_verdicts(inspected: Project) -> None:
    inspected.set_opinions(
        {
            "photos/test/crack/002.png": True,  # missed: unlike the detector
            "photos/test/100.png": True,  # a good photo: unlike what the project says
            "photos/test/crack/000.png": False,  # a support: does not count
        }
    )
    report = gather(inspected, RUN)
    assert report.opinions.photos == 2
    assert report.opinions.unlike_detector == ("test/crack/002.png",)
    assert report.opinions.unlike_truth == ("test/100.png",)
    assert report.outcomes is not None
    assert report.outcomes.missed.count == 1


def test_what_was_learned_from(inspected: Project) -> None:
    learned = gather(inspected, RUN).learned
    assert (learned.goods, learned.held_out, learned.samples, learned.gone) == (3, 1, 2, 0)
    assert learned.verdicts == (("accepted", 2),)
    inspected.set_verdict(inspected.samples()[0].id, "rejected")
    assert gather(inspected, RUN).learned.verdicts == (("accepted", 1), ("rejected", 1))


def test_settings_come_with_hashes(inspected: Project) -> None:
    groups = {title: dict(rows) for title, rows in gather(inspected, RUN).settings}
    detector = inspected.folder / "runs" / RUN / "detector.safetensors"
    embedding = inspected.folder / "embeddings/crack/first.safetensors"
    assert groups["Detector"]["SHA-256 of the detector"] == _sha256(detector.read_bytes())
    assert (groups["Detector"]["Seed"], groups["Detector"]["Steps"]) == ("7", "100")
    assert groups["Embedding “first”"]["SHA-256 of the embedding"] == _sha256(embedding.read_bytes())
    assert groups["Embedding “first”"]["Backbone"] == "embedded"
    assert groups["Threshold"]["The threshold was"] == "set by a person"
    embedding.unlink()
    missing = {title: dict(rows) for title, rows in gather(inspected, RUN).settings}
    assert missing["Embedding “first”"]["SHA-256 of the embedding"] == "the file is missing"


def test_a_fingerprint_knows_no_order_but_every_photo(inspected: Project) -> None:
    photos = {photo.path: photo for photo in inspected.photos()}
    paths = sorted(photos)
    whole = fingerprint(photos, paths)
    assert fingerprint(photos, paths[::-1]) == whole
    assert fingerprint(photos, paths[1:]) != whole


def test_a_class_without_a_test_photo_is_named(inspected: Project) -> None:
    inspected.add_anomaly("scratch")
    assert gather(inspected, RUN).untested == ("scratch",)


def test_an_unknown_run_and_one_without_detector(inspected: Project) -> None:
    with pytest.raises(EngineError, match="no trained run"):
        gather(inspected, "other")
    (inspected.folder / "runs" / RUN / "detector.safetensors").unlink()
    with pytest.raises(EngineError, match="has no trained detector"):
        gather(inspected, RUN)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (1, 20, 0.0089, 0.2361),
        (0, 0, 0, 1),
    ],
)
def test_intervals_of_shares_are_wilsons(count: int, total: int, low: float, high: float) -> None:
    found = Share.of(count, total)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
