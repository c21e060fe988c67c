"""The commands on a project: what they do, what they say, and one sentence for what cannot be done."""

import errno
import shlex
from pathlib import Path

import pytest

from engine import tasks
from engine.cli.job_commands import lasting_reference
from engine.project import Project, lock
from engine.protocol import PretrainJob
from tests.conftest import Anogen
from tests.engine import fake_jobs
from tests.engine.project.product import write_embedding, write_mask, write_mvtec, write_photo, write_sample

COMMANDS = [
    [], ["new"], ["import"], ["remove"], ["status"], ["verdict"], ["sheet"], ["export"], ["learn"], ["adapt"],
    ["generate"], ["embedding"], ["embedding", "list"], ["embedding", "keep"], ["embedding", "import"],
    ["embedding", "export"],
    ["backbone"], ["backbone", "list"], ["backbone", "check"], ["backbone", "download"],
    ["backbone", "pretrain"], ["backbone", "evaluate"], ["demo"], ["train"], ["evaluate"], ["compare"],
    ["inspect"],
]  # fmt: skip


@pytest.fixture
def learned(product: Path) -> Path:
    """The product with an embedding and two samples, by name only."""
    with Project.open(product) as project:
        project.record(write_embedding(product))
        for stem in ("00000-000", "00001-001"):
            project.record(write_sample(product, stem))
    return product


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(anogen: Anogen, words: list[str]) -> None:
    result = anogen(*words, "--help")
    assert result.code == 0
    assert result.out.startswith("usage: anogen")
    if len(words) == 2 or words not in ([], ["embedding"], ["backbone"]):
        assert "\nexample" in result.out
        assert "--json" in result.out


def test_a_command_that_does_not_exist(anogen: Anogen) -> None:
    result = anogen("lern")
    assert result.code == 2
    assert "invalid choice: 'lern'" in result.err


# --- new, import, status -------------------------------------------------------------------------------


def test_new_import_status(anogen: Anogen, tmp_path: Path) -> None:
    assert "Next: anogen import P" in anogen("new", "P").out
    imported = anogen("import", "P", write_mvtec(tmp_path / "source"))
    assert imported.out.splitlines() == [
        "4 good photos imported",
        "2 test photos imported",
        "4 test photos of “crack” imported",
        "Next: anogen learn P --anomaly crack --support 000 001 002",
    ]
    status = anogen("status", "P")
    assert "Photos: 4 good, 0 bad, 6 test" in status.out
    assert "“crack”: 4 photos, 4 with a mask" in status.out
    assert "Next: anogen learn P --anomaly crack" in status.out


def test_the_next_step_can_be_typed_where_names_have_spaces(anogen: Anogen, tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_photo(source / "good" / "0.png", seed=1)
    write_photo(source / "bad" / "deep crack" / "no 1.png", seed=2)
    anogen("new", "my P")
    assert 'Next: anogen import "my P" FOLDER-WITH-PHOTOS' in anogen("status", "my P").out
    without_masks = anogen("import", "my P", source)
    assert "FOLDER-WITH-BAD-PHOTOS --anomaly NAME --masks" in without_masks.out
    write_mask(source / "masks" / "deep crack" / "no 1.png")
    with_masks = anogen("import", "my P", source)
    assert 'Next: anogen learn "my P" --anomaly "deep crack" --support' in with_masks.out


def test_new_over_a_project_or_files(anogen: Anogen, product: Path) -> None:
    again = anogen("new", "P")
    assert again.code == 1
    assert again.err.startswith(f"Error: {product} is a project already.")
    assert "is not empty" in anogen("new", "source").err


def test_importing_twice_adds_nothing(anogen: Anogen, product: Path) -> None:
    events = anogen("import", "P", "source", "--json").lines
    assert {event["already"] for event in events if event["event"] == "PhotoImported"} == {True}
    assert anogen("status", "P", "--json").lines[0]["photos"] == {"good": 4, "bad": 0, "test": 6}


def test_a_bad_file_is_listed_and_the_rest_imported(anogen: Anogen, product: Path, tmp_path: Path) -> None:
    more = tmp_path / "more" / "good"
    write_photo(more / "fine.png", seed=900)
    (more / "text.png").write_text("not a picture")
    (more / "empty.jpg").touch()
    result = anogen("import", "P", "more")
    assert result.code == 0
    assert "1 good photo imported" in result.out
    assert "2 files could not be used:" in result.err
    assert "more/good/text.png" in result.err


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_import_of_nothing_but_bad_files_fails(
    anogen: Anogen, product: Path, tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "more" / "good").mkdir(parents=True)
    for name in ("text.png", "more-text.png"):
        (tmp_path / "more" / "good" / name).write_text("not a picture")
    result = anogen("import", "P", "more", *options)
    assert result.code == 1
    if options:
        refused = [line["path"] for line in result.lines if line["event"] == "FileRefused"]
        assert refused == ["more/good/more-text.png", "more/good/text.png"]
        assert result.lines[-1]["message"] == "None of the 2 files in more could be imported."
    else:
        assert "2 files could not be used:" in result.err
        assert "None of the 2 files in more could be imported." in result.err


def test_an_import_of_what_is_not_there(anogen: Anogen, product: Path) -> None:
    result = anogen("import", "P", "nowhere", "--json")
    assert result.code == 1
    assert "nowhere" in result.lines[-1]["message"]


def test_one_photo_and_its_mask(anogen: Anogen, product: Path) -> None:
    write_photo(product.parent / "new.png", seed=901)
    mask = product.parent / "source" / "ground_truth" / "crack" / "000_mask.png"
    assert anogen("import", "P", "new.png", "--anomaly", "crack", "--mask", mask).code == 0
    assert anogen("status", "P", "--json").lines[0]["anomalies"][0]["supports"] == ["new"]


def test_several_photos_with_masks_beside_them(anogen: Anogen, product: Path) -> None:
    for number in range(2):
        write_photo(product.parent / f"new-{number}.png", seed=910 + number)
    write_mask(product.parent / "new-1_mask.png")
    (product.parent / "notes.txt").write_text("what a star also means")
    names = ("new-0.png", "new-1.png", "new-1_mask.png", "nowhere.png", "notes.txt")
    result = anogen("import", "P", *names, "--anomaly", "crack")
    assert result.code == 0
    assert "2 bad photos of “crack” imported" in result.out
    assert "2 files could not be used:" in result.err
    assert "There is no file or folder nowhere.png." in result.err
    (anomaly,) = anogen("status", "P", "--json").lines[0]["anomalies"]
    assert (anomaly["supports"], anomaly["masks"][0]) == (["new-0", "new-1"], "new-1")
    one_mask = anogen(
        "import", "P", "new-0.png", "new-1.png", "--anomaly", "crack", "--mask", "new-1_mask.png"
    )
    assert "cannot be the mask of several photos" in one_mask.err


def test_status_tells_the_support_photos_that_were_chosen_last(anogen: Anogen, product: Path) -> None:
    """Those of an earlier choice stay bad photos, and are no support photos any more."""
    with Project.open(product) as project:
        for name in ("000", "001"):
            project.set_supports("crack", [project.find_photo(name, "crack")])
    assert "  support photos: 001\n" in anogen("status", "P").out
    (product / "photos" / "test" / "crack" / "001.png").unlink()
    assert anogen("status", "P", "--json").lines[0]["anomalies"][0]["supports"] == ["001"]


def test_what_is_no_project(anogen: Anogen, tmp_path: Path) -> None:
    for words in (["status", "source"], ["import", "nowhere", "."], ["learn", ".", "--anomaly", "crack"]):
        result = anogen(*words, "--json")
        assert result.code == 1
        assert "no project in" in result.lines[-1]["message"]
        assert "anogen new" in result.lines[-1]["hint"]


def test_a_read_only_project_is_told_and_can_still_be_looked_at(
    anogen: Anogen, product: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(lock, "_open_for_update", refuse)
    refused = anogen("learn", "P", "--anomaly", "crack", "--support", "000")
    assert refused.code == 1
    assert refused.err.startswith(f"Error: Cannot write to {product}.")
    assert "Photos: 4 good" in anogen("status", "P").out


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + b"\xab" * 8000, b""])
def test_a_damaged_catalogue_is_told_and_rebuilt(anogen: Anogen, learned: Path, content: bytes) -> None:
    """Also an emptied one; what was decided comes back from the backup."""
    assert anogen("verdict", "P", "accepted", "--all").code == 0
    (learned / "project.sqlite").write_bytes(content)
    damaged = anogen("status", "P")
    assert damaged.code == 1
    sentence, hint = damaged.err.splitlines()
    assert sentence == f"Error: The project's catalogue {learned / 'project.sqlite'} is damaged."
    assert hint.startswith(f"`anogen status {learned} --rebuild` keeps it aside")
    assert f"and the backup {learned / 'project.sqlite.backup'} of " in hint
    rebuilt = anogen("status", "P", "--rebuild")
    assert rebuilt.code == 0
    assert "Photos: 4 good" in rebuilt.out
    assert "samples: 2 accepted\n" in rebuilt.out
    assert [kept.read_bytes()[:16] for kept in learned.glob("project.sqlite.damaged-*")]


def test_photos_are_removed_and_imported_again(anogen: Anogen, product: Path) -> None:
    removed = anogen("remove", "P", "good/001", "photos/good/001.png", "crack/003")
    assert removed.out == "Removed 2 photos: photos/good/001.png, photos/test/crack/003.png.\n"
    assert (product / "photos/good/001.png").is_file()
    assert "Photos: 3 good, 0 bad, 5 test" in anogen("status", "P").out
    (told, _) = anogen("remove", "P", "good/000", "--json").lines
    assert told["removed"] == ["photos/good/000.png"]
    assert not (product / "photos/good/001.png").exists()
    assert "2 good photos imported" in anogen("import", "P", product.parent / "source").out
    assert "Photos: 4 good, 0 bad, 6 test" in anogen("status", "P").out


# --- learn and generate: what is planned ---------------------------------------------------------------


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list:  # type: ignore[type-arg]
    """The jobs that were run; they do nothing."""
    seen: list = []  # type: ignore[type-arg]

    def run(job):  # type: ignore[no-untyped-def]
        seen.append(job)
        return fake_jobs.steps(job)

    monkeypatch.setattr(tasks, "run", run)
    return seen


def test_learn_plans_what_was_typed(anogen: Anogen, product: Path, jobs: list) -> None:  # type: ignore[type-arg]
    words = "--anomaly crack --support 000 001 --support 002 --steps 7 --no-adapt --again"
    result = anogen("learn", "P", *words.split())
    assert result.code == 0
    assert "Next: anogen generate P --anomaly crack" in result.out
    (job,) = jobs
    assert [support.name for support in job.supports] == ["000", "001", "002"]
    assert (job.settings.steps, job.settings.adapt, job.again, len(job.goods)) == (7, False, True, 4)


def test_adapt_is_learn_with_adaptation(anogen: Anogen, product: Path, jobs: list) -> None:  # type: ignore[type-arg]
    words = ("adapt", "P", "--anomaly", "crack", "--support", "000")
    assert anogen(*words).code == 0
    assert jobs[0].settings.adapt is True
    refused = anogen(*words, "--no-adapt")
    assert (refused.code, len(jobs)) == (1, 1)


def test_pretrain_plans_what_was_typed(anogen: Anogen, tmp_path: Path, jobs: list) -> None:  # type: ignore[type-arg]
    assert anogen("backbone", "pretrain", "--minutes", "60", "--out", "runs", "--shards", "2").code == 0
    assert jobs == [PretrainJob(project=str(tmp_path / "runs"), minutes=60, shards=2)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("learn P --anomaly crak --support 000", "Did you mean 'crack'?"),
        ("learn P --anomaly crack --support 0000", "Did you mean '000'?"),
        ("learn P --anomaly crack", "support photo"),
        ("generate P --anomaly crak", "Did you mean 'crack'?"),
        ("generate P --anomaly crack", "no embedding yet"),
        ("generate P --anomaly crack --box 1,2,3,4", "Name the photo with --photo."),
        ("export P --format coco --out D", "Generate some"),
        ("remove P good/000 good/00", "There is no photo 'good/00'"),
        ("sheet P --out s.png", "Generate some"),
        ("verdict P accepted", "Name some"),
        ("verdict P accepted nothing", "There is no sample 'nothing'"),
        ("generate P --anomaly crack --photo 00", "no embedding yet"),
        ("embedding export P --anomaly crack --out e.safetensors", "no embedding yet"),
        ("embedding keep P --anomaly crack", "no step of “crack” that can be kept"),
        ("embedding keep P --anomaly crack --run crak --step 5", "There is no run “crak”"),
        ("backbone check nowhere/nothing", "is not on this computer"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(anogen: Anogen, product: Path, words: str, said: str) -> None:
    result = anogen(*words.split())
    assert result.code == 1
    assert result.err.startswith("Error: ")
    assert said in result.err
    assert "Traceback" not in result.err
    finished = anogen(*words.split(), "--json").lines[-1]
    assert finished["outcome"] == "failed"
    assert said in f"{finished['message']} {finished['hint']}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lern P", "invalid choice: 'lern'"),
        ("learn P", "--anomaly"),
        ("learn P --anomaly crack --steps none", "'none' is not a whole number"),
        ("generate P --anomaly crack --photo 000 --box 1,2,3", "write X,Y,WIDTH,HEIGHT"),
        ("generate P --anomaly crack --photo 000 --box a,b,c,d", "is not a box"),
        ("export P --format csv --out D", "invalid choice: 'csv'"),
        ("import P ''", "an empty name is no file or folder"),
        ("import P source --masks ''", "an empty name is no file or folder"),
        ("backbone pretrain --minutes 0 --out D", "above 0"),
    ],
)
def test_what_was_not_understood_exits_with_2(anogen: Anogen, product: Path, words: str, said: str) -> None:
    result = anogen(*shlex.split(words))
    assert result.code == 2
    assert said in result.err
    assert result.out == ""
    for_a_program = anogen(*shlex.split(words), "--json")
    assert for_a_program.code == 2
    (finished,) = for_a_program.lines
    assert finished["outcome"] == "failed"
    assert said in finished["message"]
    assert f"error: {finished['message']}\n" in for_a_program.err
    assert finished["hint"].endswith(" --help`.")


def test_generate_plans_what_was_typed(anogen: Anogen, learned: Path, jobs: list) -> None:  # type: ignore[type-arg]
    words = "generate P --anomaly crack --photo 000 --box 24,20,10,8,30 --box 10,10,5,5 --count 3 --seed 7"
    assert anogen(*words.split()).code == 0
    (job,) = jobs
    assert [placement.photo for placement in job.placements] == ["photos/good/000.png"]
    assert [(box.center_x, box.angle_deg) for box in job.placements[0].boxes] == [(24, 30), (10, 0)]
    assert (job.settings.count, job.settings.seed) == (3, 7)


def test_a_photo_that_is_not_there_suggests_the_nearest_good_one(anogen: Anogen, learned: Path) -> None:
    refused = anogen("generate", "P", "--anomaly", "crack", "--photo", "0002")
    assert "There is no good photo '0002'" in refused.err
    assert "Did you mean '002'?" in refused.err


def test_a_seed_that_was_drawn_is_told(anogen: Anogen, learned: Path, jobs: list) -> None:  # type: ignore[type-arg]
    result = anogen("generate", "P", "--anomaly", "crack")
    assert f"--seed {jobs[0].settings.seed} gives the same samples again" in result.out


def test_a_backbones_folder_is_found_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "embedded").mkdir()
    assert lasting_reference("model") == str(tmp_path / "model")
    assert lasting_reference("embedded") == "embedded"
    assert lasting_reference("CompVis/ldm") == "CompVis/ldm"


# --- what was made -------------------------------------------------------------------------------------


def test_verdicts_by_name_path_and_for_all(anogen: Anogen, learned: Path) -> None:
    assert anogen("verdict", "P", "accepted", "00000-000").out == "1 sample accepted.\n"
    assert anogen("verdict", "P", "rejected", "P/samples/crack/run1/00001-001.png").code == 0
    samples = anogen("status", "P", "--json").lines[0]["anomalies"][0]["samples"]
    assert samples == {"accepted": 1, "rejected": 1, "undecided": 0}
    assert anogen("verdict", "P", "accepted", "--all", "--anomaly", "crack").out == "2 samples accepted.\n"
    assert "Did you mean '00000-000'?" in anogen("verdict", "P", "accepted", "0000-000").err


@pytest.mark.parametrize("kind", ["mvtec", "coco", "yolo"])
def test_export(anogen: Anogen, learned: Path, kind: str) -> None:
    assert "No sample is accepted yet." in anogen("export", "P", "--format", kind, "--out", "D").err
    result = anogen("export", "P", "--format", kind, "--out", "D", "--all")
    assert result.code == 0
    assert "Written: D" in result.out
    assert any(path.is_file() for path in (learned.parent / "D").rglob("*"))
    assert "is not empty" in anogen("export", "P", "--format", kind, "--out", "D", "--all").err


def test_one_sample_is_no_plural(anogen: Anogen, learned: Path) -> None:
    anogen("verdict", "P", "accepted", "00000-000")
    assert "(yolo export of 1 sample)" in anogen("export", "P", "--format", "yolo", "--out", "D").out


def test_embeddings_are_listed(anogen: Anogen, learned: Path) -> None:
    assert "first  “crack”, 10 steps on embedded" in anogen("embedding", "list", "P").out
    assert anogen("embedding", "list", "P", "--json").lines[0]["name"] == "first"


@pytest.mark.parametrize(
    "words",
    ["status P", "verdict P accepted --all", "embedding list P", "backbone list", "backbone check embedded"],
)
def test_what_is_told_to_a_program_is_an_event(anogen: Anogen, learned: Path, words: str) -> None:
    *told, finished = anogen(*words.split(), "--json").lines
    assert {line["event"] for line in told} == {"Told"}
    assert finished["outcome"] == "done"


def test_status_suggests_the_next_step(anogen: Anogen, learned: Path) -> None:
    assert "Next: anogen sheet P --out P.png" in anogen("status", "P").out
    (learned / "photos" / "good" / "000.png").unlink()
    assert "Deleted since they were imported: P/photos/good/000.png" in anogen("status", "P").out
    assert anogen("status", "P", "--json").lines[0]["missing"] == ["P/photos/good/000.png"]


def test_what_was_found_in_the_folder_is_told(anogen: Anogen, product: Path) -> None:
    write_sample(product, "00000-000")
    assert "entered: 1 sample." in anogen("status", "P").err
