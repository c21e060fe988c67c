"""The queue of jobs: kept with the project, reordered by a fractional rank, paused after an unclean end."""

import sqlite3

import msgspec

from engine.errors import EngineError
from engine.project.catalogue import Catalogue
from engine.project.rows import QueuedJob, QueueState
from engine.project.runs import decode_job
from engine.protocol import Job

_STATES = ("queued", "running", "done", "kept", "cancelled", "failed", "interrupted", "quarantined")
_PAUSED = "queue_is_paused"
_SMALLEST_GAP = 1e-6
_INTERRUPTIONS_ALLOWED = 1
_CUT_OFF = "The program ended while this job ran."


class Queue:
    """The jobs of a project that wait, run, or have ended, in the order in which they are to run."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @property
    def is_paused(self) -> bool:
        return self._catalogue.select_one("SELECT 1 FROM setting WHERE key = ?", (_PAUSED,)) is not None

    def pause(self) -> None:
        self._catalogue.change("INSERT OR REPLACE INTO setting VALUES (?, '1')", (_PAUSED,))

    def resume(self) -> None:
        self._catalogue.change("DELETE FROM setting WHERE key = ?", (_PAUSED,))

    def enqueue(self, job: Job) -> int:
        """Put a job at the end; its number."""
        return self._catalogue.change(
            "INSERT INTO queue (job, rank) VALUES (?, (SELECT coalesce(max(rank), 0) + 1 FROM queue))",
            (msgspec.json.encode(job).decode(),),
        )

    def jobs(self, state: QueueState | None = None) -> list[QueuedJob]:
        """All jobs, or those in one state, in their order."""
        rows = self._catalogue.select(
            "SELECT * FROM queue WHERE ?1 IS NULL OR state = ?1 ORDER BY rank, id", (state,)
        )
        return [_to_job(row) for row in rows]

    def get(self, job_id: int) -> QueuedJob:
        """Raises EngineError for an unknown number."""
        row = self._catalogue.select_one("SELECT * FROM queue WHERE id = ?", (job_id,))
        if row is None:
            raise EngineError(f"There is no job number {job_id} in the queue.", "It may have been removed.")
        return _to_job(row)

    def move(self, job_id: int, before: int | None = None) -> None:
        """Put a job before another one, or at the end."""
        if job_id == before:
            return
        with self._catalogue.transaction():
            self.get(job_id)
            rank = self._rank_before(before, job_id)
            if rank is None:
                self._space_out()
                rank = self._rank_before(before, job_id)
            self._catalogue.change("UPDATE queue SET rank = ? WHERE id = ?", (rank, job_id))

    def set_state(self, job_id: int, state: QueueState, error: str = "") -> None:
        """Keep what became of a job; `running` counts an attempt.

        Raises EngineError for an unknown number or state.
        """
        if state not in _STATES:
            raise EngineError(f"'{state}' is no state of a job.", f"Use one of: {', '.join(_STATES)}.")
        self.get(job_id)
        self._catalogue.change(
            "UPDATE queue SET state = ?1, error = ?2, attempt = attempt + (?1 = 'running') WHERE id = ?3",
            (state, error, job_id),
        )

    def remove(self, job_id: int) -> None:
        """Take a job out of the queue; one that is gone already is no error."""
        self._catalogue.change("DELETE FROM queue WHERE id = ?", (job_id,))

    def interrupt(self, job_id: int, error: str = "") -> None:
        """Keep that a job was cut off: `interrupted`.

        The second time it is put in quarantine: it may be what takes the program down.
        """
        self._catalogue.change(
            "UPDATE queue SET interruptions = interruptions + 1, error = ?,"
            " state = CASE WHEN interruptions >= ? THEN 'quarantined' ELSE 'interrupted' END"
            " WHERE id = ?",
            (error, _INTERRUPTIONS_ALLOWED, job_id),
        )

    def recover(self) -> None:
        """At opening: a job that still runs was cut off, and the queue waits for a person."""
        with self._catalogue.transaction():
            cut_off = self.jobs("running")
            for job in cut_off:
                self.interrupt(job.id, _CUT_OFF)
            if cut_off:
                self.pause()

    def _rank_before(self, before: int | None, moved: int) -> float | None:
        """A rank between `before` and the one ahead of it; None where there is no room left."""
        ranks = {
            row["id"]: float(row["rank"])
            for row in self._catalogue.select("SELECT id, rank FROM queue WHERE id != ?", (moved,))
        }
        if before is None:
            return max(ranks.values(), default=0.0) + 1
        if before not in ranks:
            self.get(before)
        upper = ranks[before]
        lower = max((rank for rank in ranks.values() if rank < upper), default=upper - 2)
        return (lower + upper) / 2 if upper - lower > _SMALLEST_GAP else None

    def _space_out(self) -> None:
        """Give the jobs whole ranks, in the order that they have."""
        for rank, job in enumerate(self.jobs(), start=1):
            self._catalogue.change("UPDATE queue SET rank = ? WHERE id = ?", (float(rank), job.id))


def _to_job(row: sqlite3.Row) -> QueuedJob:
    return QueuedJob(
        id=row["id"],
        job=decode_job(row["job"]),
        state=row["state"],
        error=row["error"],
        attempt=row["attempt"],
        interruptions=row["interruptions"],
    )
