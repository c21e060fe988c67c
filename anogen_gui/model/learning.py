"""Learning anomaly embeddings: how it goes for each anomaly class of the open project."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.embedding_jobs import EmbeddingJobs
from anogen_gui.model.job_view import JobView
from anogen_gui.model.learning_course import course_after, usable_steps
from anogen_gui.model.learning_jobs import class_of, go_on, learn_anew, learning_jobs
from anogen_gui.model.learning_reading import (
    course_before,
    course_of,
    read_runs,
    read_supports,
    run_to_show,
)
from anogen_gui.model.learning_state import LearnState, Note, offer, problem_of, stopping_of
from anogen_gui.model.project_model import ProjectModel
from engine.errors import EngineError
from engine.project import AnomalyClass, EmbeddingRow, QueuedJob, RunRow
from engine.protocol import (
    EmbeddingWritten,
    Event,
    Finished,
    LearnJob,
    LearnSettings,
    Started,
    StripWritten,
)


class LearningModel(QObject):
    """A frozen state for each anomaly class, and what people do with it.

    Attributes:
        jobs: brings in and exports embeddings.

    Signals:
        classes_changed(): a class came, went, or has another name, colour or key.
        changed(anomaly): the state of the class of this name is another one.
        picture_changed(file): the picture at this path was written anew.
    """

    classes_changed = Signal()
    changed = Signal(str)
    picture_changed = Signal(object)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._states: dict[int, LearnState] = {}
        self._chosen: dict[int, frozenset[str]] = {}  # the paths of support photos that were chosen here
        self.jobs = EmbeddingJobs(project.folder, project.queue, self)
        self.jobs.begun.connect(lambda name, sentence: self._change(name, work=sentence, note=None))
        self.jobs.told.connect(lambda name, note: self._change(name, note=note))
        self.jobs.ended.connect(lambda name: self._change(name, work=""))
        self._reload_classes()
        self._connections = (
            project.anomalies.changed.connect(self._reload_classes),
            project.anomalies.embeddings_changed.connect(self._refresh_all),
            project.photos.changed.connect(self._refresh_all),
            project.photos.mask_saved.connect(lambda _path: self._refresh_all()),
            project.queue.jobs_changed.connect(self._refresh_jobs),
            project.queue.job_progressed.connect(self._take_progress),
            project.queue.event_received.connect(self._take),
        )

    def close(self) -> None:
        """Hear nothing of the project any more: it is about to close."""
        self.jobs.close()
        for connection in self._connections:
            QObject.disconnect(connection)

    # --- what there is to see

    def states(self) -> tuple[LearnState, ...]:
        """Of all classes, in the project's order."""
        return tuple(self._states.values())

    def state(self, anomaly: str) -> LearnState | None:
        return next((state for state in self._states.values() if state.anomaly.name == anomaly), None)

    def show_run(self, anomaly: str, name: str) -> None:
        """Look at another run of the class; while one is running, that one is looked at."""
        state = self._of(anomaly)
        run = next((run for run in state.runs if run.name == name), None)
        if run is not None and not state.is_running:
            self._put(replace(state, course=course_of(self._project, run)))

    def dismiss_note(self, anomaly: str) -> None:
        self._change(anomaly, note=None)

    # --- what people do

    def choose_support(self, anomaly: str, path: str, is_chosen: bool) -> None:
        """Learn from the photo at this path, or do not, the next time; only then is it kept."""
        state = self._of(anomaly)
        paths = {support.photo.path for support in state.supports if support.is_chosen}
        self._chosen[state.anomaly.id] = frozenset(paths | {path} if is_chosen else paths - {path})
        self._refresh(state.anomaly)

    def learn(self, anomaly: str, settings: LearnSettings) -> None:
        """Put the job into the queue that learns an embedding, or goes on where such a job stopped."""
        state = self._of(anomaly)
        what = offer(state, settings)
        if what.kind == "blocked":
            return
        self._put(replace(state, note=None))
        if what.kind == "go_on" and what.run is not None:
            go_on(self._project, what.run.job)
        else:
            self._learn_anew(state, settings, again=what.kind == "again")

    def start_over(self, anomaly: str, settings: LearnSettings) -> None:
        """Learn from the first step, although an interrupted run could go on."""
        state = self._of(anomaly)
        if offer(state, settings).kind != "blocked":
            self._learn_anew(state, settings, again=True)

    def stop_and_keep(self, anomaly: str) -> None:
        """End the learning that runs, and keep the embedding as it is."""
        job = self._of(anomaly).job
        if job is not None:
            self._project.queue.stop_and_keep(job)

    def cancel(self, anomaly: str) -> None:
        """End the learning that runs, without an embedding, or take the one that waits out of the queue."""
        job = self._of(anomaly).job
        if job is not None:
            self._project.queue.cancel(job)

    def resume_queue(self) -> None:
        """Let what waits have its turn."""
        self._project.queue.resume()

    def use_step(self, anomaly: str, step: int) -> None:
        """Generate with what was learned after `step` steps of the run that is looked at."""
        state = self._of(anomaly)
        row = state.embedding_of(step)
        if row is not None:
            self.use_embedding(row)
        elif state.course.run:
            self.jobs.keep_step(anomaly, state.course.run, step)

    def use_embedding(self, row: EmbeddingRow) -> None:
        """Generate with this embedding from now on."""
        if self._project.anomalies.embedding_in_use(row.anomaly) != row:
            self._project.anomalies.use_embedding(row)

    # --- what is in the project

    def _reload_classes(self) -> None:
        before = self._states
        classes = self._project.anomalies.all()
        self._states = {
            anomaly.id: replace(before.get(anomaly.id, LearnState(anomaly)), anomaly=anomaly)
            for anomaly in classes
        }
        if [state.anomaly for state in before.values()] != list(classes):
            self.classes_changed.emit()
        self._refresh_all()

    def _refresh_all(self) -> None:
        rows = self._project.project.runs()
        for state in self.states():
            self._refresh(state.anomaly, rows)
        self._refresh_jobs()

    def _refresh(self, anomaly: AnomalyClass, rows: Sequence[RunRow] | None = None) -> None:
        """Read again what is in the project about a class; `rows` are all runs, where they were read already."""
        runs = read_runs(self._project, anomaly, self._project.project.runs() if rows is None else rows)
        state = replace(
            self._states[anomaly.id],
            supports=read_supports(self._project, anomaly, self._chosen.get(anomaly.id)),
            embeddings=self._project.anomalies.embeddings(anomaly.name),
            in_use=self._project.anomalies.embedding_in_use(anomaly.name),
            runs=runs,
        )
        run = run_to_show(runs)
        if state.course.state == "none" and run is not None:
            state = replace(state, course=course_of(self._project, run))
        self._put(state)

    def _refresh_jobs(self) -> None:
        """See which learning jobs wait or run."""
        queue = self._project.queue
        jobs = learning_jobs(self._project)
        for state in self.states():
            of_class = jobs.get(state.anomaly.id)
            self._put(
                replace(
                    state,
                    job=of_class.id if of_class is not None else None,
                    is_starting=of_class is not None and of_class.state == "running",
                    stopping=state.stopping if of_class is not None else "",
                    is_held=of_class is not None and of_class.state == "queued" and queue.is_paused,
                )
            )

    # --- what jobs tell

    def _take(self, queued: QueuedJob, event: Event) -> None:
        if isinstance(event, EmbeddingWritten):
            self._use_written(event)
        if isinstance(queued.job, LearnJob):
            state = self._states.get(class_of(self._project, queued.job))
            if state is not None:
                self._take_learning(state, queued, queued.job, event)

    def _take_learning(self, state: LearnState, queued: QueuedJob, job: LearnJob, event: Event) -> None:
        if isinstance(event, Started):
            state = replace(state, course=course_before(self._project, state.runs, job), note=None)
        elif not state.is_running:  # it ended before it started
            self._tell_end(state, event)
            return
        course = course_after(state.course, queued, event)
        if isinstance(event, StripWritten):
            course = course.with_usable(usable_steps(self._project.folder, course.run))
            self.picture_changed.emit(self._project.file(event.image))
        run = run_to_show(state.runs)
        if course.state in ("cancelled", "failed") and not course.run and run is not None and run.name:
            self._tell_end(state, event)  # nothing is left of it: what was learned before is of more use
            course = course_of(self._project, run)
        self._put(replace(self._states[state.anomaly.id], course=course))
        if isinstance(event, Finished):
            self._refresh(state.anomaly)

    def _tell_end(self, state: LearnState, event: Event) -> None:
        if isinstance(event, Finished) and event.outcome == "failed":
            self._put(replace(state, note=problem_of(event)))

    def _take_progress(self, view: JobView) -> None:
        """See whether a learning job was asked to end, here or elsewhere."""
        for state in self.states():
            if state.job == view.id:
                self._put(replace(state, stopping=stopping_of(view)))

    def _use_written(self, event: EmbeddingWritten) -> None:
        """What was made last is in use until another one is chosen."""
        self._project.anomalies.reload()
        rows = self._project.anomalies.embeddings()
        row = next((row for row in rows if row.path == event.path), None)
        if row is not None:
            self.use_embedding(row)

    def _learn_anew(self, state: LearnState, settings: LearnSettings, again: bool) -> None:
        try:
            told = learn_anew(self._project, state, settings, again)
        except EngineError as error:
            self._change(state.anomaly.name, note=problem_of(error))
            return
        self._chosen.pop(state.anomaly.id, None)
        if told:
            self._change(state.anomaly.name, note=Note(" ".join(told)))

    # --- states

    def _of(self, anomaly: str) -> LearnState:
        state = self.state(anomaly)
        if state is None:
            raise KeyError(f"there is no anomaly class {anomaly}")
        return state

    def _change(self, anomaly: str, **changes: Any) -> None:
        """Change something about a class, if it is still there."""
        state = self.state(anomaly)
        if state is not None:
            self._put(replace(state, **changes))

    def _put(self, state: LearnState) -> None:
        if self._states.get(state.anomaly.id) != state:
            self._states[state.anomaly.id] = state
            self.changed.emit(state.anomaly.name)
