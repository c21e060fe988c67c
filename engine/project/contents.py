"""What is in a project: its photos, anomaly classes, boxes, embeddings, samples and runs, by noun."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.geometry import Box, BoxRange
from engine.project import (
    anomalies,
    boxes,
    embeddings,
    inspections,
    photo_masks,
    photos,
    recording,
    removal,
    roles,
    runs,
    samples,
    settings,
    supports,
)
from engine.project.catalogue import Catalogue
from engine.project.roles import RoleChange
from engine.project.rows import (
    AnomalyClass,
    EmbeddingRow,
    Inspection,
    Photo,
    PlacedBox,
    Role,
    RunRow,
    SampleRow,
    Verdict,
)
from engine.protocol import Event, Job, SupportPhoto

if TYPE_CHECKING:
    import numpy as np


class Contents:
    """What is in a project's folder and catalogue; each change is on the disk when its call returns.

    What cannot be done raises EngineError, and changes nothing.

    Attributes:
        folder: absolute.
        catalogue: its SQLite file.
    """

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self.catalogue = catalogue

    # --- photos

    def photos(self, role: Role | None = None, anomaly: str | None = None) -> list[Photo]:
        """All photos, of one role, of one anomaly class ('' for those that show none), by path."""
        return photos.list_photos(self.catalogue, role, anomaly)

    def removed_photos(self) -> list[Photo]:
        """Those that were removed: all are kept in mind, also when their files are gone."""
        return photos.list_photos(self.catalogue, is_removed=True)

    def set_removed(self, chosen: Sequence[Photo], is_removed: bool) -> list[Photo]:
        """Take photos out of the project, or put them back as they were; as they are now.

        Files that nothing was made from leave the disk when the project is next opened.
        """
        return removal.set_removed(self.catalogue, chosen, is_removed)

    def find_photo(self, reference: str, anomaly: str | None = None, role: Role | None = None) -> Photo:
        """The photo that a person means by a name or path.

        Raises EngineError with the nearest, or all it could be.
        """
        return photos.find_photo(self.catalogue, self.folder, reference, anomaly, role)

    def set_role(self, photo: Photo, role: Role, anomaly: str | None = None) -> Photo:
        """Make a photo good, bad or a test; of another class too, where one is given. See `set_roles`."""
        return self.set_roles([(photo, role, anomaly)])[0]

    def set_photo_anomaly(self, photo: Photo, anomaly: str) -> Photo:
        """Say which class a bad or test photo shows, '' for none. See `set_roles`."""
        role = photos.get_photo(self.catalogue, photo.id).role
        return self.set_roles([(photo, role, anomaly)])[0]

    def set_roles(self, changes: Sequence[RoleChange]) -> list[Photo]:
        """Photos with their new role and class (None: as it is), all or none; as they are now.

        Raises EngineError for a test photo that something may be learned from, or may have been.
        """
        return roles.set_roles(self.catalogue, self.folder, changes)

    def mask(self, photo: Photo) -> "np.ndarray | None":
        """(H, W) bool, true on the anomaly; None where there is none. Raises EngineError for a damaged one."""
        return photo_masks.get_mask(self.folder, photo)

    def read_mask(self, photo: Photo, file: Path) -> "np.ndarray":
        """A mask for a photo from any file, for `set_mask`. Raises EngineError; for another size, naming both."""
        return photo_masks.read_mask_file(self.folder, photo, file)

    def set_mask(self, photo: Photo, mask: "np.ndarray") -> None:
        """Keep the mask of a photo that shows an anomaly: (H, W) bool at its size, true on the anomaly."""
        photo_masks.set_mask(self.catalogue, self.folder, photo, mask)

    def clear_mask(self, photo: Photo) -> "np.ndarray | None":
        """Remove a photo's mask; what it was, to set it again."""
        return photo_masks.clear_mask(self.catalogue, self.folder, photo)

    # --- anomaly classes and their support photos

    def anomalies(self) -> list[AnomalyClass]:
        return anomalies.list_anomalies(self.catalogue)

    def anomaly(self, name: str) -> AnomalyClass:
        """The class that has this name, or had it once. Raises EngineError with the nearest name."""
        return anomalies.get_anomaly(self.catalogue, name)

    def add_anomaly(self, name: str) -> AnomalyClass:
        """The anomaly class of this name, new or there already."""
        return anomalies.add_anomaly(self.catalogue, name)

    def rename_anomaly(self, name: str, new_name: str) -> AnomalyClass:
        """Jobs, runs and files that have the former name go on meaning the class."""
        return anomalies.rename_anomaly(self.catalogue, name, new_name)

    def set_anomaly_color(self, name: str, color: str) -> None:
        """`color` is `#rrggbb`."""
        anomalies.set_anomaly_color(self.catalogue, name, color)

    def set_anomaly_digit(self, name: str, digit: int | None) -> None:
        """0 to 9, or None; the class that has the digit gets this one's in exchange."""
        anomalies.set_anomaly_digit(self.catalogue, name, digit)

    def remove_anomaly(self, name: str) -> None:
        """Raises EngineError while photos, boxes, embeddings or samples are of the class."""
        anomalies.remove_anomaly(self.catalogue, name)

    def set_supports(self, anomaly: str, photos: Sequence[Photo]) -> list[str]:
        """Choose the support photos; one sentence for each further photo that left the tests."""
        return supports.set_supports(self.catalogue, self.folder, anomaly, photos)

    def supports(self, anomaly: str) -> list[SupportPhoto]:
        """The chosen support photos, or all bad photos of the class.

        Raises EngineError: none, or a mask is missing.
        """
        return supports.list_supports(self.catalogue, self.folder, anomaly)

    def chosen_supports(self, anomaly: str) -> list[Photo]:
        """The same photos, also where one is deleted or has no mask; none where there is none."""
        return supports.chosen_supports(self.catalogue, anomaly)

    # --- boxes

    def boxes(self, photo: str | None = None, anomaly: str | None = None) -> list[PlacedBox]:
        """All boxes, of the photo at this path, of this anomaly class."""
        return boxes.list_boxes(self.catalogue, photo, anomaly)

    def add_box(self, photo_id: int, anomaly: str, box: Box, origin: str = "") -> PlacedBox:
        """Raises EngineError for a box without area, outside its photo or larger than it."""
        return boxes.add_box(self.catalogue, photo_id, anomaly, box, origin)

    def change_box(self, box_id: int, box: Box) -> PlacedBox:
        """Give a box another place, size or angle. Raises EngineError like `add_box`."""
        return boxes.change_box(self.catalogue, box_id, box)

    def lock_box(self, box_id: int, is_locked: bool) -> PlacedBox:
        """Note that a box is not to be moved by accident, or may be."""
        return boxes.lock_box(self.catalogue, box_id, is_locked)

    def set_box_anomaly(self, box_id: int, anomaly: str) -> PlacedBox:
        """Say that a box is of another class. Raises EngineError for an unknown class."""
        return boxes.set_box_anomaly(self.catalogue, box_id, anomaly)

    def remove_box(self, box_id: int) -> None:
        """One that is gone already is no error."""
        boxes.remove_box(self.catalogue, box_id)

    def restore_box(self, placed: PlacedBox) -> PlacedBox:
        """Place a box that was removed again, under the number that it had."""
        return boxes.restore_box(self.catalogue, placed)

    # --- what jobs made

    def embeddings(self, anomaly: str | None = None) -> list[EmbeddingRow]:
        """The oldest first."""
        return embeddings.list_embeddings(self.catalogue, anomaly)

    def embedding(self, anomaly: str, name: str | None = None) -> EmbeddingRow:
        """The newest, or the one of this name. Raises EngineError with the nearest name."""
        return embeddings.get_embedding(self.catalogue, self.folder, anomaly, name)

    def box_range(self, embedding: EmbeddingRow) -> BoxRange:
        """How boxes of the embedding's anomaly are, from its supports; the default range where it does not say.

        Raises EngineError where its file cannot be read.
        """
        return embeddings.get_box_range(self.folder, embedding)

    def samples(
        self, anomaly: str | None = None, verdict: Verdict | None = None, run: str | None = None
    ) -> list[SampleRow]:
        """In the order in which they came."""
        return samples.list_samples(self.catalogue, anomaly, verdict, run)

    def sample_count(self, anomaly: str | None = None, verdict: Verdict | None = None) -> int:
        return samples.count_samples(self.catalogue, anomaly, verdict)

    def get_samples(self, sample_ids: Sequence[int]) -> list[SampleRow]:
        """The samples of these numbers, in their order. Raises EngineError for an unknown one."""
        return samples.get_samples(self.catalogue, sample_ids)

    def sample_at(self, path: str) -> SampleRow | None:
        """The sample whose PNG lies at this path, if there is one."""
        return samples.sample_at(self.catalogue, path)

    def set_verdict(self, sample_id: int, verdict: Verdict) -> None:
        self.set_verdicts([sample_id], verdict)

    def set_verdicts(self, sample_ids: Sequence[int], verdict: Verdict) -> None:
        samples.set_verdicts(self.catalogue, sample_ids, verdict)

    def set_stars(self, sample_id: int, stars: int) -> None:
        self.set_stars_of([sample_id], stars)

    def set_stars_of(self, sample_ids: Sequence[int], stars: int) -> None:
        """`stars`: 1 to 5, 0 for none."""
        samples.set_stars(self.catalogue, sample_ids, stars)

    def runs(self) -> list[RunRow]:
        """The oldest first."""
        return runs.list_runs(self.catalogue)

    def describe_run(self, run_id: int, title: str, note: str) -> None:
        """Keep a person's own words for a run, '' for none."""
        runs.describe_run(self.catalogue, run_id, title, note)

    def set_bands(self, run_id: int, look_again_above: float | None, reject_above: float | None) -> None:
        """Keep from which image score on photos are looked at again, and rejected; None for neither."""
        runs.set_bands(self.catalogue, run_id, look_again_above, reject_above)

    def set_run_deleted(self, run_id: int, is_deleted: bool) -> None:
        """Take a run off the list, or put it back; its files are removed when the project is next opened."""
        runs.set_deleted(self.catalogue, run_id, is_deleted)

    # --- what detectors and people say of photos

    def inspections(self, run: str) -> list[Inspection]:
        """What the detector of the run with this name says, in the order in which it looked at photos first."""
        return inspections.list_inspections(self.catalogue, run)

    def inspection(self, run: str, photo: str) -> Inspection | None:
        """What it says of the photo at this path, if it has looked at it."""
        return inspections.inspection_of(self.catalogue, run, photo)

    def forget_inspections(self, run: str, photos: Sequence[str]) -> None:
        """Take photos off a run's list; their maps are removed when the project is opened again."""
        inspections.forget_inspections(self.catalogue, run, photos)

    def opinions(self) -> dict[str, bool]:
        """By the photo's path: does a person say that it shows an anomaly?"""
        return inspections.list_opinions(self.catalogue)

    def set_opinions(self, opinions: Mapping[str, bool | None]) -> None:
        """What a person says of photos, by path; None takes back what was said."""
        inspections.set_opinions(self.catalogue, opinions)

    def record(self, event: Event, job: Job | None = None) -> None:
        """Enter what a job's event says; events that leave nothing behind are ignored."""
        recording.record(self.catalogue, self.folder, event, job)

    # --- how it is used

    def setting(self, key: str, default: str = "") -> str:
        """A text that was kept under this key; `default` where none was."""
        return settings.get_setting(self.catalogue, key, default)

    def set_setting(self, key: str, value: str) -> None:
        settings.set_setting(self.catalogue, key, value)
