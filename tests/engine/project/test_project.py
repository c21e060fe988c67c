import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from engine.data.files import write_error
from engine.errors import EngineError
from engine.geometry import Box
from engine.project import Project
from engine.project.catalogue import DamagedCatalogueError, backup_of
from engine.project.lock import ProjectLock, ProjectTakenError
from engine.protocol import Finished, GenerateJob, LearnJob, Placement, Started, SupportPhoto
from tests.engine.project.product import run_import, write_embedding, write_mvtec, write_photo, write_sample
from tests.engine.project.test_catalogue import damage


def test_a_new_project_is_empty_and_opens_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "deep" / "P") as project:
        assert project.folder == tmp_path / "deep" / "P"
        assert project.photos() == []
    with Project.open(tmp_path / "deep" / "P") as project:
        assert project.anomalies() == []
        assert project.runs() == []


def test_what_is_no_place_for_a_project(tmp_path: Path) -> None:
    Project.create(tmp_path / "P").close()
    with pytest.raises(EngineError, match="is a project already"):
        Project.create(tmp_path / "P")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")
    with pytest.raises(EngineError, match="is not empty"):
        Project.create(tmp_path / "full")
    with pytest.raises(EngineError, match="file is a file"):
        Project.create(tmp_path / "full" / "file")
    with pytest.raises(EngineError, match="There is no project in"):
        Project.open(tmp_path / "full")


def _fail_with_a_full_disk(*_arguments: object) -> None:
    raise write_error(Path("some file"), OSError(errno.ENOSPC, "No space left on device"))


@pytest.mark.parametrize(
    "part", ["lock._open_for_update", "catalogue._connect", "catalogue.Catalogue._migrate"]
)
@pytest.mark.parametrize("was_there", [False, True])
def test_a_project_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str, was_there: bool
) -> None:
    folder = tmp_path / "deep" / "P"
    if was_there:
        folder.mkdir(parents=True)
    monkeypatch.setattr(f"engine.project.{part}", _fail_with_a_full_disk)
    with pytest.raises(EngineError, match="The disk is full"):
        Project.create(folder)
    assert [path.name for path in tmp_path.rglob("*")] == (["deep", "P"] if was_there else [])
    monkeypatch.undo()
    Project.create(folder).close()


def test_a_project_that_another_process_makes_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks: list[ProjectLock] = []

    def be_slower(folder: Path) -> None:
        folder.mkdir()
        locks.append(ProjectLock(folder / "project.lock"))
        (folder / "project.sqlite").touch()

    monkeypatch.setattr("engine.project.project._make_folders", be_slower)
    with pytest.raises(ProjectTakenError):
        Project.create(tmp_path / "P")
    assert sorted(path.name for path in (tmp_path / "P").iterdir()) == ["project.lock", "project.sqlite"]
    locks[0].release()


def test_a_project_opens_once_for_writing_and_beside_it_for_reading(product: Project) -> None:
    with pytest.raises(EngineError, match="already open in process"):
        Project.open(product.folder)
    with Project.open(product.folder, read_only=True) as reader:
        assert len(reader.photos()) == len(product.photos()) > 0
        with pytest.raises(EngineError, match="Cannot write to"):
            reader.add_anomaly("dent")


def test_a_project_that_failed_to_open_is_not_locked(tmp_path: Path) -> None:
    folder = tmp_path / "P"
    Project.create(folder).close()
    damage(folder / "project.sqlite")
    with pytest.raises(DamagedCatalogueError):
        Project.open(folder)
    with Project.rebuild(folder) as project:
        assert project.photos() == []


def test_a_damaged_catalogue_is_rebuilt_from_its_backup_and_the_files(
    product: Project, tmp_path: Path
) -> None:
    """Decisions come from the backup, what happened later from the files; the damaged file is kept."""
    placed = product.add_box(
        product.photos("good")[0].id, "crack", Box(center_x=20, center_y=20, width=9, height=8)
    )
    product.close()
    write_embedding(product.folder)
    write_sample(product.folder, "000-0000")
    damage(product.folder / "project.sqlite")
    content = (product.folder / "project.sqlite").read_bytes()
    with pytest.raises(DamagedCatalogueError) as caught:
        Project.open(product.folder)
    assert "--rebuild" in caught.value.hint
    with Project.rebuild(product.folder) as rebuilt:
        assert len(rebuilt.photos()) == 10
        assert rebuilt.boxes() == [placed]
        assert [sample.photo for sample in rebuilt.samples()] == ["photos/good/000.png"]
        assert rebuilt.embedding("crack").steps == 10
    (kept,) = (
        file
        for file in product.folder.glob("project.sqlite.damaged-*")
        if file.name[-4:] not in ("-wal", "-shm")
    )
    assert kept.read_bytes() == content


@pytest.mark.parametrize("is_backup_damaged", [False, True])
def test_a_project_is_rebuilt_from_its_files_alone(
    product: Project, tmp_path: Path, is_backup_damaged: bool
) -> None:
    """Roles, anomalies and masks are told by the folders; what was a support photo, by its run."""
    photo = product.find_photo("001", "crack")
    support = SupportPhoto(name=photo.name, photo=photo.path, mask=photo.mask)
    job = LearnJob(project=str(product.folder), anomaly="crack", supports=(support,))
    run_import(product, write_photo(tmp_path / "twin.bmp", seed=201), role="test")
    before = {known.path: known for known in product.photos()}
    product.close()
    run = product.folder / "runs" / "learn-1"
    run.mkdir()
    (run / "job.json").write_bytes(msgspec.json.encode(job))
    (product.folder / "project.sqlite").unlink()
    if is_backup_damaged:
        damage(backup_of(product.folder / "project.sqlite"))
    else:
        backup_of(product.folder / "project.sqlite").unlink()
    with pytest.raises(EngineError, match="has lost its catalogue") as caught:
        Project.open(product.folder)
    assert "--rebuild" in caught.value.hint
    with Project.rebuild(product.folder) as rebuilt:
        for known in rebuilt.photos():
            old = before[known.path]
            assert (known.sha256, known.anomaly, known.mask) == (old.sha256, old.anomaly, old.mask)
            is_used = known.path == photo.path or known.name == "twin"
            assert known.role == ("bad" if is_used else old.role)
        assert rebuilt.supports("crack") == [support]
        assert [run.name for run in rebuilt.runs()] == ["learn-1"]


def test_an_emptied_catalogue_is_rebuilt_from_its_backup(product: Project) -> None:
    product.record(write_sample(product.folder, "000-0000"))
    product.set_verdict(product.samples()[0].id, "accepted")
    product.close()
    (product.folder / "project.sqlite").write_bytes(b"")
    with pytest.raises(DamagedCatalogueError):
        Project.open(product.folder)
    with Project.rebuild(product.folder) as rebuilt:
        assert [sample.verdict for sample in rebuilt.samples()] == ["accepted"]


def test_an_emptied_backup_is_none(product: Project) -> None:
    product.close()
    for file in (product.folder / "project.sqlite", backup_of(product.folder / "project.sqlite")):
        file.write_bytes(b"")
    with Project.rebuild(product.folder) as rebuilt:
        assert len(rebuilt.photos()) == 10


def test_a_folder_in_place_of_the_catalogue_is_put_aside(product: Project) -> None:
    product.close()
    (product.folder / "project.sqlite").unlink()
    (product.folder / "project.sqlite").mkdir()
    with pytest.raises(EngineError, match="has lost its catalogue"):
        Project.open(product.folder)
    with Project.rebuild(product.folder) as rebuilt:
        assert len(rebuilt.photos()) == 10


def test_rebuilding_a_whole_project_changes_nothing(product: Project) -> None:
    product.close()
    with Project.rebuild(product.folder) as rebuilt:
        assert len(rebuilt.photos()) == 10
    assert list(product.folder.glob("*damaged*")) == []
    with pytest.raises(EngineError, match="There is no folder"):
        Project.rebuild(product.folder / "none")


def test_a_killed_process_leaves_a_project_that_opens(tmp_path: Path) -> None:
    """kill -9 in the middle of an import: what was imported is there, started again it goes on."""
    source = write_mvtec(tmp_path / "source", goods=6)
    program = (
        "import os, sys; from pathlib import Path\n"
        "from engine.project import Project; from engine.project.importing import import_photos\n"
        "from engine.protocol import PhotoImported\n"
        "project, done = Project.create(sys.argv[1]), 0\n"
        "for event in import_photos(project, Path(sys.argv[2])):\n"
        "    done += isinstance(event, PhotoImported)\n"
        "    if done == 5: os.kill(os.getpid(), 9)\n"
    )
    folder = tmp_path / "P"
    killed = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(source)], check=False, timeout=60
    )
    assert killed.returncode != 0
    with Project.open(folder) as project:
        assert len(project.photos()) == 5
        events = run_import(project, source)
        assert sum(getattr(event, "already", False) for event in events) == 5
        assert len(project.photos()) == 12


def test_runs_are_kept_and_interrupted_ones_are_told(product: Project) -> None:
    placement = Placement(photo="photos/good/000.png")
    first = GenerateJob(project=str(product.folder), anomaly="crack", embedding="e", placements=(placement,))
    second = GenerateJob(project="elsewhere", anomaly="crack", embedding="f", placements=(placement,))
    for job in (first, second, first):
        product.record(Started(title="x"), job)
    product.record(write_sample(product.folder, "s1", run="gen-1"), first)
    product.record(Finished(outcome="kept", message="as asked"), first)
    product.close()
    with Project.open(product.folder) as again:
        runs = {run.job: run for run in again.runs()}
        assert len(runs) == 2
        assert (runs[first].state, runs[first].name, runs[first].message) == ("kept", "gen-1", "as asked")
        assert runs[first].finished >= runs[first].started
        assert runs[second].state == "interrupted"


def test_no_heavy_library_is_loaded() -> None:
    program = (
        "import sys, engine.project.importing, engine.project.exporting, engine.project.planning\n"
        "sys.exit(bool({'torch', 'cv2', 'PySide6', 'skimage', 'diffusers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


# --- twins and settings ----------------------------------------------------------------------------------


def test_a_twin_works_in_another_thread_and_leaves_the_lock(product: Project) -> None:
    box = Box(center_x=20, center_y=15, width=10, height=6)

    def place() -> int:
        twin = product.twin()
        try:
            for photo in twin.photos("good"):
                twin.add_box(photo.id, "crack", box)
            return twin.boxes()[-1].id
        finally:
            twin.close()

    with ThreadPoolExecutor(1) as pool:
        last = pool.submit(place).result()
    assert [placed.id for placed in product.boxes()][-1] == last
    with pytest.raises(ProjectTakenError):
        ProjectLock(product.folder / "project.lock")
    product.add_box(product.photos("good")[0].id, "crack", box)
    assert len(product.boxes()) == 5


def test_a_twin_of_a_project_that_is_only_read(product: Project) -> None:
    product.close()
    with Project.open(product.folder, read_only=True) as looking, looking.twin() as twin:
        assert twin.photos() == looking.photos()
        with pytest.raises(EngineError):
            twin.set_setting("key", "value")


def test_settings_are_kept(project: Project) -> None:
    assert project.setting("page") == ""
    assert project.setting("page", "photos") == "photos"
    project.set_setting("page", "learn")
    project.set_setting("page", "place")
    assert project.setting("page", "photos") == "place"
    project.close()
    with Project.open(project.folder) as again:
        assert again.setting("page") == "place"
