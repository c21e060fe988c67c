"""A sample's mask as instances: the separate anomalies that detection formats want."""

from collections.abc import Sequence

import msgspec
import numpy as np

from engine.geometry import Box, Size, Window


class Instance(msgspec.Struct, frozen=True):
    """One anomaly of a sample.

    Attributes:
        mask: (h, w) bool, only what lies in `window`.
        window: where it lies in the sample; nothing in it is wider than needed.
        size: of the whole sample.
    """

    mask: np.ndarray
    window: Window
    size: Size

    @property
    def area(self) -> int:
        return int(self.mask.sum())

    def whole_mask(self) -> np.ndarray:
        """(H, W) bool at the sample's size."""
        whole = np.zeros((self.size.height, self.size.width), dtype=bool)
        whole[self.window.slices()] = self.mask
        return whole


def split_instances(mask: np.ndarray, boxes: Sequence[Box] = ()) -> list[Instance]:
    """Split a mask, (H, W) bool, into one instance a box; without boxes, one a connected component.

    A component belongs to the box whose centre is nearest to its own, so that a crack in several pieces stays
    one. Boxes without any of the mask are left out.
    """
    labels, count = label_components(mask)
    if count == 0:
        return []
    if boxes:
        labels = _nearest_box(labels, count, boxes)[labels]
    rows, columns = np.nonzero(labels)
    numbers = labels[rows, columns]
    return [
        _instance(labels, int(number), rows[numbers == number], columns[numbers == number])
        for number in np.unique(numbers)
    ]


def label_components(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the 8-connected components of (H, W) bool: (H, W) int32 with 0 outside, and their count.

    Runs of set pixels in a row are joined with the runs that they touch in the row above (union-find).
    """
    rows, starts, ends = _runs(mask)
    parents = np.arange(len(rows) + 1)
    first_of_row = np.searchsorted(rows, np.arange(mask.shape[0] + 1))
    for row in np.unique(rows):
        if row > 0:
            _join(parents, starts, ends, first_of_row[row - 1 : row + 2])
    roots = np.array([_root(parents, run) for run in range(len(rows))], dtype=np.int64)
    _, numbers = np.unique(roots, return_inverse=True)
    labels = np.zeros(mask.shape, dtype=np.int32)
    for row, start, end, number in zip(rows, starts, ends, numbers, strict=True):
        labels[row, start:end] = number + 1
    return labels, int(numbers.max(initial=-1)) + 1


def _runs(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, first column and end column of every run of set pixels, by row, then column."""
    padded = np.pad(mask.astype(np.int8), ((0, 0), (1, 1)))
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends


def _join(parents: np.ndarray, starts: np.ndarray, ends: np.ndarray, limits: np.ndarray) -> None:
    """Join the runs of two rows, limits[0]:limits[1] and limits[1]:limits[2], where they touch."""
    upper, lower = int(limits[0]), int(limits[1])
    while upper < limits[1] and lower < limits[2]:
        if starts[upper] <= ends[lower] and starts[lower] <= ends[upper]:
            parents[_root(parents, lower)] = _root(parents, upper)
        if ends[upper] < ends[lower]:
            upper += 1
        else:
            lower += 1


def _root(parents: np.ndarray, run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = int(parents[run])
    return run


def _nearest_box(labels: np.ndarray, count: int, boxes: Sequence[Box]) -> np.ndarray:
    """(count + 1,) int32: for each component the number of its box, counted from 1; 0 for the outside."""
    rows, columns = np.nonzero(labels)
    numbers = labels[rows, columns]
    sizes = np.bincount(numbers, minlength=count + 1)[1:]
    center_x = np.bincount(numbers, columns + 0.5, count + 1)[1:] / sizes
    center_y = np.bincount(numbers, rows + 0.5, count + 1)[1:] / sizes
    distances = [(center_x - box.center_x) ** 2 + (center_y - box.center_y) ** 2 for box in boxes]
    return np.concatenate([[0], np.argmin(distances, axis=0) + 1]).astype(np.int32)


def _instance(labels: np.ndarray, number: int, rows: np.ndarray, columns: np.ndarray) -> Instance:
    left, top = int(columns.min()), int(rows.min())
    window = Window(left, top, int(columns.max()) + 1 - left, int(rows.max()) + 1 - top)
    return Instance(labels[window.slices()] == number, window, Size(labels.shape[1], labels.shape[0]))
