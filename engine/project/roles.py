"""What people say that photos show: their role and their anomaly class, and what keeps tests honest."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.project.anomalies import get_anomaly
from engine.project.catalogue import Catalogue
from engine.project.photos import get_photo, was_support
from engine.project.rows import Photo, Role
from engine.project.supports import check_test_photo

RoleChange = tuple[Photo, Role, str | None]
"""A photo, its new role, and the anomaly class that it shows: '' for none, None for the one that it has."""

_ROLES = ("good", "bad", "test")


def set_roles(catalogue: Catalogue, folder: Path, changes: Sequence[RoleChange]) -> list[Photo]:
    """Say what photos are and show: all of them, or after an error none.

    A support photo that becomes good, or of another class, is none any more, until it is what it was again.

    Returns:
        The photos as they are now.
    Raises:
        EngineError: an unknown role or class; a good photo with an anomaly; a test photo that something may have
            been learned from, or that shows the same shot as such a photo or as a bad one.
    """
    with catalogue.transaction():
        former = [get_photo(catalogue, photo.id) for photo, _, _ in changes]
        for before, (_, role, anomaly) in zip(former, changes, strict=True):
            _set_role(catalogue, before, role, anomaly)
        photos = [get_photo(catalogue, photo.id) for photo in former]
        for before, photo in zip(former, photos, strict=True):  # when all are what they are to be
            if photo.role == "test" and before.role != "test":
                _check_can_be_tested(catalogue, folder, photo)
    return photos


def _set_role(catalogue: Catalogue, photo: Photo, role: Role, anomaly: str | None) -> None:
    if role not in _ROLES:
        raise EngineError(f"'{role}' is no role of a photo.", f"Use one of: {', '.join(_ROLES)}.")
    if anomaly is None:
        anomaly = "" if role == "good" else photo.anomaly
    if role == "good" and anomaly:
        raise EngineError(
            f"'{photo.name}' ({photo.path}) cannot be good and show '{anomaly}'.",
            "Make it a bad photo first.",
        )
    anomaly_id = get_anomaly(catalogue, anomaly).id if anomaly else None
    catalogue.change("UPDATE photo SET role = ?, anomaly_id = ? WHERE id = ?", (role, anomaly_id, photo.id))


def _check_can_be_tested(catalogue: Catalogue, folder: Path, photo: Photo) -> None:
    if was_support(catalogue, photo):
        raise EngineError(
            f"'{photo.name}' ({photo.path}) was a support photo, "
            "and what may have been learned from can never be a test photo.",
            "Choose another test photo.",
        )
    check_test_photo(catalogue, folder, folder / photo.path, photo.dhash)
