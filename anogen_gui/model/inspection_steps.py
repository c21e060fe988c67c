"""What people do with inspected photos, as steps that can be undone."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from anogen_gui.model.project_model import ProjectModel
from anogen_gui.model.wording import count_of
from engine.project import Inspection, RunRow
from engine.protocol import PhotoInspected
from engine.reporting.facts import Bands

_SAID = {True: "bad", False: "good", None: "neither good nor bad"}


class InspectionSteps(QObject):
    """Changes the catalogue through the history.

    Signals, after a step was done, undone or done again:
        bands_put(): of a run.
        opinions_put(opinions): by the photos' paths.
        photos_put(run, paths): photos came on or off the list of a run.
    """

    bands_put = Signal()
    opinions_put = Signal(object)
    photos_put = Signal(str, object)

    def __init__(self, project: ProjectModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project

    def set_bands(self, run: RunRow, bands: Bands) -> bool:
        """Keep the bands of a run. False where that failed."""
        former = (run.look_again_above, run.reject_above)
        wanted = (bands.look_again_above, bands.reject_above)
        if wanted == former:
            self.bands_put.emit()  # others may have been tried meanwhile
            return True
        return self._project.history.do(
            "Move the threshold",
            lambda: self._put_bands(run.id, *wanted),
            lambda: self._put_bands(run.id, *former),
        )

    def set_opinion(self, former: Mapping[str, bool | None], opinion: bool | None) -> bool:
        """Say whether photos are anomalous; `former` is what was said of them before. False where that failed."""
        wanted = dict.fromkeys(former, opinion)
        if wanted == former:
            return True
        verb = "is" if len(wanted) == 1 else "are"
        return self._project.history.do(
            f"Say that {count_of(len(wanted), 'photo')} {verb} {_SAID[opinion]}",
            lambda: self._put_opinions(wanted),
            lambda: self._put_opinions(former),
        )

    def forget(self, run: str, paths: Sequence[str]) -> bool:
        """Take photos off the list of a run. False where there are none, or that failed."""
        found = [self._project.project.inspection(run, path) for path in paths]
        return bool(paths) and self._project.history.do(
            f"Take {count_of(len(paths), 'photo')} off the list",
            lambda: self._drop(run, paths),
            lambda: self._restore(run, [each for each in found if each is not None]),
        )

    def _put_bands(self, run_id: int, look_again_above: float | None, reject_above: float | None) -> None:
        self._project.project.set_bands(run_id, look_again_above, reject_above)
        self.bands_put.emit()

    def _put_opinions(self, opinions: Mapping[str, bool | None]) -> None:
        self._project.project.set_opinions(opinions)
        self.opinions_put.emit(opinions)

    def _drop(self, run: str, paths: Sequence[str]) -> None:
        self._project.project.forget_inspections(run, paths)
        self.photos_put.emit(run, tuple(paths))

    def _restore(self, run: str, inspections: Sequence[Inspection]) -> None:
        for each in inspections:
            self._project.project.record(
                PhotoInspected(run=run, photo=each.photo, score=each.score, map=each.map)
            )
        self.photos_put.emit(run, tuple(each.photo for each in inspections))
