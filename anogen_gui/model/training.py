"""Training detectors: the trainings of the open project, the one that is looked at, and what people do with them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.chosen_trainings import ChosenTrainings
from anogen_gui.model.job_view import JobView
from anogen_gui.model.learning_jobs import go_on
from anogen_gui.model.learning_state import Note, problem_of, stopping_of
from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.training_jobs import DetectorJobs
from anogen_gui.model.training_list import TrainingList, TrainingSteps
from anogen_gui.model.training_plan import Material, read_material, refusal
from anogen_gui.model.training_state import Comparison, Looked, Training
from engine.errors import EngineError
from engine.project import QueuedJob
from engine.project.runs import job_key
from engine.protocol import (
    CompareRunsJob,
    EvaluateRunJob,
    Event,
    FileWritten,
    Finished,
    Started,
    StripWritten,
    TrainJob,
    TrainSettings,
)


class TrainingModel(QObject):
    """The trainings of a project, the newest first; one or two of them are chosen.

    Attributes:
        note: what there is to tell; None for nothing.
        offers_again: what was asked for is trained already, and can be trained again.
        takes_all: samples without a verdict are learned from, too.

    Signals:
        trainings_changed(): some came, went, or something is known of them that was not.
        chosen_changed(): others are chosen.
        looked_changed(): the one that is looked at goes on.
        comparison_changed(): of the two that are chosen.
        material_changed(): there is more or less to train on.
        note_changed(): there is something to tell, or nothing any more.
        picture_changed(file): the picture at this path was written anew.
    """

    trainings_changed = Signal()
    chosen_changed = Signal()
    looked_changed = Signal()
    comparison_changed = Signal()
    material_changed = Signal()
    note_changed = Signal()
    picture_changed = Signal(object)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._jobs = DetectorJobs(project)
        self._list = TrainingList(project, self._jobs)
        self._steps = TrainingSteps(project, self.reload)
        self._chosen = ChosenTrainings(project, self._list, self._jobs)
        self.note: Note | None = None
        self.offers_again = False
        self.takes_all = False
        self.reload()
        photos, samples, queue = project.photos, project.samples, project.queue
        self._connections = (
            photos.changed.connect(self.material_changed),
            photos.removal_changed.connect(self.reload),
            samples.added.connect(lambda _ids: self.material_changed.emit()),
            samples.judged.connect(lambda _ids: self.material_changed.emit()),
            samples.reset.connect(self.material_changed),
            queue.jobs_changed.connect(self._refresh_jobs),
            queue.job_progressed.connect(self._take_progress),
            queue.event_received.connect(self._take),
        )

    def close(self) -> None:
        """Hear nothing of the project any more: it is about to close."""
        for connection in self._connections:
            QObject.disconnect(connection)

    # --- what there is to see

    def trainings(self) -> tuple[Training, ...]:
        """The newest first."""
        return self._list.all()

    def training(self, training_id: int) -> Training | None:
        return self._list.get(training_id)

    @property
    def chosen(self) -> tuple[Training, ...]:
        """Those that are chosen, in the order of their choice."""
        return self._chosen.all()

    @property
    def looked(self) -> Looked | None:
        """The one that is chosen, and how it goes; None where none or several are."""
        return self._chosen.looked

    @property
    def comparison(self) -> Comparison | None:
        """The two that are chosen, side by side; None where there are not two."""
        return self._chosen.comparison

    @property
    def waiting(self) -> str:
        """What a training does that has never run: see TrainingList."""
        return self._list.waiting

    def material(self) -> Material:
        """What there is to train on."""
        return read_material(self._project, self.takes_all)

    def initial_settings(self) -> TrainSettings:
        """Those of the newest training."""
        return next((training.settings for training in self.trainings()), TrainSettings())

    # --- what people do

    def choose(self, training_ids: Sequence[int]) -> None:
        """Look at one training, or compare two."""
        if self._chosen.choose(training_ids):
            self.chosen_changed.emit()
        self._refresh_looked()

    def take_all(self, takes_all: bool) -> None:
        """Learn from samples without a verdict, too, or only from accepted ones."""
        if takes_all != self.takes_all:
            self.takes_all = takes_all
            self.material_changed.emit()

    def train(self, settings: TrainSettings, again: bool = False) -> None:
        """Put the training into the queue; one that was cut off goes on, one that is done is chosen.

        Args:
            again: from the first step, whatever is there.
        """
        refused = refusal(self.material(), settings)
        self._tell(refused)
        if refused is not None:
            return
        told: list[str] = []
        try:
            job = self._jobs.plan(settings, self.takes_all, told)
        except EngineError as error:
            self._tell(problem_of(error))
            return
        same = self._list.of_key(job_key(job))
        if same is not None and not again and (same.has_detector or same.number is not None):
            self.choose([same.id])
            self._tell(_known_already(same), offers_again=same.number is None)
        elif same is not None and not again:
            self.go_on(same.id)
        else:
            self._jobs.train(job, again)
            self._tell(Note(" ".join(told)) if told else None)

    def go_on(self, training_id: int) -> None:
        """Run a training once more that was cut off: it goes on from its checkpoint."""
        for training in self._list.known([training_id]):
            go_on(self._project, training.job)
            self.choose([training_id])

    def stop_and_keep(self) -> None:
        """End the training that is looked at, and keep the detector as it is."""
        if self.looked is not None and self.looked.job is not None:
            self._project.queue.stop_and_keep(self.looked.job)

    def cancel(self) -> None:
        """End the training that is looked at, or take it out of the queue."""
        if self.looked is not None and self.looked.job is not None:
            self._project.queue.cancel(self.looked.job)

    def resume_queue(self) -> None:
        """Let what waits have its turn."""
        self._project.queue.resume()

    def measure(self, training_ids: Sequence[int]) -> None:
        """Put measuring into the queue of those that have a detector and are not being measured."""
        self._tell(None)
        try:
            for training in self._list.known(training_ids):
                if training.has_detector and not training.is_being_measured:
                    self._jobs.measure(training)
        except EngineError as error:
            self._tell(problem_of(error))

    def compare(self) -> None:
        """Put the comparison of the two that are chosen into the queue."""
        pair = self.comparison
        self._tell(None)
        if pair is None or pair.reason or pair.is_running:
            return
        try:
            self._jobs.compare(pair.first, pair.second)
        except EngineError as error:
            self._tell(problem_of(error))

    def describe(self, training_id: int, title: str | None = None, note: str | None = None) -> bool:
        """Give a training another title or note, as a step that can be undone; False where nothing changes."""
        (training,) = self._list.known([training_id])
        run = training.run
        return self._steps.describe(
            training, run.title if title is None else title, run.note if note is None else note
        )

    def delete(self, training_ids: Sequence[int]) -> bool:
        """Take trainings off the list, as a step that can be undone; those under way stay."""
        return self._steps.delete(self._list.known(training_ids))

    def undo_delete(self) -> None:
        """Take back the last step."""
        self._project.history.stack.undo()

    def dismiss_note(self) -> None:
        self._tell(None)

    # --- what is in the project

    def reload(self) -> None:
        """Read the trainings again; one that came, or came back, is looked at."""
        before = {training.id for training in self.trainings()}
        if self._list.reload():
            self.trainings_changed.emit()
        ids = [training.id for training in self.trainings()]
        came = [training_id for training_id in ids if training_id not in before]
        self.choose(came[:1] or [training.id for training in self.chosen] or ids[:1])

    def _refresh_jobs(self) -> None:
        """See what waits or runs."""
        if self._list.refresh():
            self.trainings_changed.emit()
        self._refresh_looked()

    def _refresh_looked(self) -> None:
        """What is looked at, or compared, as it is now."""
        is_looked_new, is_comparison_new = self._chosen.refresh()
        if is_looked_new:
            self.looked_changed.emit()
        if is_comparison_new:
            self.comparison_changed.emit()

    # --- what jobs tell

    def _take(self, row: QueuedJob, event: Event) -> None:
        if isinstance(row.job, TrainJob):
            self._take_training(row, event)
        elif isinstance(row.job, EvaluateRunJob | CompareRunsJob) and isinstance(event, Finished):
            self.reload()
            self._tell_failure(event)

    def _take_training(self, row: QueuedJob, event: Event) -> None:
        key = self._jobs.key_of(row)
        if isinstance(event, Started | Finished) or self._is_named_by(event, key):
            self.reload()
        training = self._list.of_key(key)
        if training is None:
            self._tell_failure(event)
            return
        is_chosen = self._chosen.take(training, row, event)
        if isinstance(event, StripWritten):
            self.picture_changed.emit(self._project.file(event.image))
        if isinstance(event, Started):
            self.choose([training.id])
        elif is_chosen:
            self._refresh_looked()

    def _is_named_by(self, event: Event, key: str) -> bool:
        """Does the event tell the name of a run that had none?"""
        training = self._list.of_key(key)
        is_unnamed = training is not None and not training.run.name
        return is_unnamed and isinstance(event, StripWritten | FileWritten)

    def _take_progress(self, view: JobView) -> None:
        """See whether the training that is looked at was asked to end, here or elsewhere."""
        looked = self.looked
        if looked is not None and looked.job == view.id and looked.stopping != stopping_of(view):
            self._refresh_looked()

    # --- what is told

    def _tell(self, note: Note | None, offers_again: bool = False) -> None:
        if (note, offers_again) != (self.note, self.offers_again):
            self.note, self.offers_again = note, offers_again
            self.note_changed.emit()

    def _tell_failure(self, event: Event) -> None:
        if isinstance(event, Finished) and event.outcome == "failed":
            self._tell(problem_of(event))


def _known_already(training: Training) -> Note:
    if training.number is not None:
        return Note(f"“{training.name}” is this training already: it waits or runs.")
    return Note(
        f"“{training.name}” was trained with these settings, photos and samples already.",
        "Change something, such as the seed, or train it again.",
    )
