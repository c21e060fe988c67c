"""A project: the folder with its files, and the catalogue of what is in it and what people decided."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from engine.data.files import copy_atomically, write_error
from engine.errors import EngineError
from engine.project import inspections, removal, runs
from engine.project.adoption import Adopted, adopt
from engine.project.catalogue import Catalogue, DamagedCatalogueError, backup_of, set_aside
from engine.project.contents import Contents
from engine.project.lock import ProjectLock, ProjectTakenError
from engine.project.queue import Queue
from engine.project.rows import QueuedJob, QueueState
from engine.protocol import Job

CATALOGUE = "project.sqlite"
LOCK = "project.lock"
_DEMO_FOLDER = "project"  # in the folder of a demo, beside the photos that it was made from
FOLDERS = ("photos", "masks", "embeddings", "backbones", "samples", "runs")


class Project(Contents):
    """An open project: made by `create`, `open` or `rebuild`, closed by `close()` or the end of a `with`.

    For one thread, which other threads of the process join by a `twin` each.

    Attributes:
        adopted: what opening found in the folder that the catalogue did not know, or no longer found.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, lock: ProjectLock | None) -> None:
        super().__init__(folder, catalogue)
        self.adopted = Adopted()
        self.queue = Queue(catalogue)
        self._lock = lock

    @classmethod
    def create(cls, folder: Path | str) -> "Project":
        """A new project in a folder that is empty or not there yet. Raises EngineError otherwise.

        Where it cannot be made, on a full disk for example, nothing of it stays.
        """
        folder = Path(folder).expanduser().resolve()
        if (folder / CATALOGUE).exists():
            raise EngineError(
                f"{folder} is a project already.", f"Look into it with `anogen status {folder}`."
            )
        if folder.is_file():
            raise EngineError(f"{folder} is a file.", "Choose a new folder for the project.")
        if folder.exists() and any(folder.iterdir()):
            raise EngineError(f"{folder} is not empty.", "Choose a new folder for the project.")
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        try:
            _make_folders(folder)
            lock = ProjectLock(folder / LOCK)
            return cls._with(folder, lock, lambda: Catalogue.create(folder / CATALOGUE))
        except ProjectTakenError:
            raise  # another process makes it at this very moment
        except BaseException:
            _remove_made(folder, missing)
            raise

    @classmethod
    def open(cls, folder: Path | str, read_only: bool = False) -> "Project":
        """Open a project; for writing, it is locked, and its catalogue brought up to date with its files.

        Raises:
            EngineError: no project there; open elsewhere; damaged (the hint names its backup); read-only.
        """
        folder = Path(folder).expanduser().resolve()
        _check_is_project(folder)
        if read_only:
            return cls(folder, Catalogue(folder / CATALOGUE, read_only=True), None)
        lock = ProjectLock(folder / LOCK)
        project = cls._with(folder, lock, lambda: Catalogue(folder / CATALOGUE))
        return project._recovered()

    @classmethod
    def rebuild(cls, folder: Path | str) -> "Project":
        """Open a project whose catalogue is damaged or gone: from its backup, if whole, and its files.

        The damaged file is kept aside. A catalogue that is whole is only opened.
        """
        folder = Path(folder).expanduser().resolve()
        if not folder.is_dir():
            raise EngineError(f"There is no folder {folder}.", "Check the path.")
        lock = ProjectLock(folder / LOCK)
        return cls._with(folder, lock, lambda: _rebuilt(folder / CATALOGUE))._recovered()

    @property
    def name(self) -> str:
        """What a person calls the project: its folder's name, or that of the demo around it."""
        return self.folder.parent.name if self.folder.name == _DEMO_FOLDER else self.folder.name

    def twin(self) -> "Project":
        """The same project over a catalogue connection of its own, for another thread of this process.

        It is closed by itself, before this one: the lock stays with this one.
        """
        path, read_only = self.catalogue.path, self.catalogue.read_only
        return Project(self.folder, Catalogue(path, read_only=read_only), lock=None)

    def close(self) -> None:
        """Close the project and free its lock, if it has it; a second call does nothing."""
        try:
            self.catalogue.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the queue

    def enqueue(self, job: Job) -> int:
        """Put a job at the end of the queue; its number."""
        return self.queue.enqueue(job)

    def queued(self) -> list[QueuedJob]:
        """All jobs of the queue, whatever their state, in their order."""
        return self.queue.jobs()

    def move(self, job_id: int, before: int | None = None) -> None:
        self.queue.move(job_id, before)

    def set_state(self, job_id: int, state: QueueState, error: str = "") -> None:
        self.queue.set_state(job_id, state, error)

    # --- opening

    @classmethod
    def _with(cls, folder: Path, lock: ProjectLock, open_catalogue: Callable[[], Catalogue]) -> "Project":
        try:
            return cls(folder, open_catalogue(), lock)
        except BaseException:
            lock.release()
            raise

    def _recovered(self) -> "Project":
        """Bring the catalogue up to date with what happened while, or when, nobody had it open."""
        try:
            self.queue.recover()
            runs.interrupt_runs(self.catalogue)
            runs.remove_deleted_runs(self.catalogue, self.folder)
            removal.delete_removed(self.catalogue, self.folder)
            inspections.remove_forgotten(self.catalogue, self.folder)
            self.adopted = adopt(self.catalogue, self.folder)
        except BaseException:
            self.close()
            raise
        return self


def _make_folders(folder: Path) -> None:
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder / CATALOGUE, error) from error


def _check_is_project(folder: Path) -> None:
    catalogue = folder / CATALOGUE
    if catalogue.is_file():
        return
    if backup_of(catalogue).exists() or (folder / "photos").is_dir():
        raise DamagedCatalogueError(
            f"The project {folder} has lost its catalogue {CATALOGUE}.",
            f"`anogen status {folder} --rebuild` makes a new one from its backup and its files.",
        )
    raise EngineError(f"There is no project in {folder}.", f"Create one with `anogen new {folder}`.")


def _rebuilt(path: Path) -> Catalogue:
    """The catalogue at `path`, whole again."""
    if path.exists():
        with contextlib.suppress(DamagedCatalogueError):
            return Catalogue(path)
    set_aside(path)  # also the journal of one that is gone: SQLite would read it into the next one
    if backup_of(path).is_file():
        copy_atomically(backup_of(path), path)
        with contextlib.suppress(DamagedCatalogueError):
            return Catalogue(path)
        path.unlink()
    return Catalogue.create(path)


def _remove_made(folder: Path, missing: Sequence[Path]) -> None:
    """Remove what `create` made: its files and empty folders, and the folders that were `missing` before it."""
    places = [*(folder / name for name in FOLDERS), *missing]
    for file in folder.glob(f"{Path(CATALOGUE).stem}.*"):
        with contextlib.suppress(OSError):
            file.unlink()
    for place in places:
        with contextlib.suppress(OSError):
            place.rmdir()
