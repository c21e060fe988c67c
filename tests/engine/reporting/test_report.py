"""The files of a report: a page that needs nothing else, a PDF, a table."""

import base64
import csv
import errno
import io
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import EngineError
from engine.project import Project
from engine.protocol import Event, FileWritten, Warned
from engine.reporting import report as reporting
from engine.reporting.report import write_report
from engine.reporting.table import COLUMNS
from tests.engine.reporting.inspected import RUN, SCORES

_VOID = {"meta", "img", "rect", "line", "br", "link"}


class Page(HTMLParser):
    """Reads a page, and fails where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(word for word in self.words if word)


def written(project: Project, out: Path) -> list[Event]:
    return list(write_report(project, RUN, out))


def page_of(out: Path) -> Page:
    return Page((out / "report.html").read_text(encoding="utf-8"))


def pdf_pages(content: bytes) -> int:
    """How many pages the file says it has."""
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    (count,) = re.findall(rb"/Count (\d+)", content)
    assert len(re.findall(rb"/Type /Page\b", content)) == int(count)
    return int(count)


def test_three_files_are_written_and_told(inspected: Project, tmp_path: Path) -> None:
    events = written(inspected, tmp_path / "out")
    paths = [Path(event.path).name for event in events if isinstance(event, FileWritten)]
    assert paths == ["scores.csv", "report.pdf", "report.html"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(paths)
    assert not [event for event in events if isinstance(event, Warned)]


def test_the_page_tells_what_was_counted(inspected: Project, tmp_path: Path) -> None:
    written(inspected, tmp_path)
    text = page_of(tmp_path).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "4 photos of real parts that it has not learned from: 2 good, 2 with an anomaly" in text
    assert "1 of 2 photos with an anomaly passed as OK (50 %; among many such photos, 9 to 91 %)" in text
    assert "1 of 2 good photos was rejected by mistake" in text
    assert "Missed: 1" in text
    assert "2 photos were kept out of the results" in text
    assert "Synthetic: 2 samples" in text
    assert "0.625 0.500 to 0.700" in text


def test_the_page_needs_nothing_from_elsewhere(inspected: Project, tmp_path: Path) -> None:
    written(inspected, tmp_path)
    page = page_of(tmp_path)
    sources = [value for tag, name, value in page.attributes if name in ("src", "href")]
    assert sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|url\(|@import|<script", text)


def test_samples_stand_apart_from_real_photos(inspected: Project, tmp_path: Path) -> None:
    written(inspected, tmp_path)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    results, trained_on = text.split("What it was trained on")
    assert text.count("Sample of crack") == 2
    assert "Sample of" not in results
    assert "samples/" not in results
    assert 'class="photo"' not in trained_on


def test_names_of_any_kind_are_text_and_no_markup(inspected: Project, tmp_path: Path) -> None:
    name = '<b>Riß & "日本" 결함 ü</b>'
    inspected.rename_anomaly("crack", name)
    (row,) = inspected.runs()
    inspected.describe_run(row.id, "<i>third</i>", "${product} & more")
    written(inspected, tmp_path)
    page = page_of(tmp_path)
    assert name in page.text
    assert "<i>third</i>" in page.text
    assert "${product} & more" in page.text
    assert not {tag for tag, _, _ in page.attributes} & {"b", "i"}
    assert pdf_pages((tmp_path / "report.pdf").read_bytes()) >= 2


def test_the_table_can_be_read_back(inspected: Project, tmp_path: Path) -> None:
    inspected.rename_anomaly("crack", 'Riß, "日本"')
    inspected.set_opinions({"photos/test/100.png": True})
    written(inspected, tmp_path)
    text = (tmp_path / "scores.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row["photo"]: float(row["score"]) for row in rows} == SCORES
    by_photo = {row["photo"]: row for row in rows}
    assert by_photo["photos/test/crack/002.png"]["class"] == 'Riß, "日本"'
    assert by_photo["photos/test/crack/002.png"]["verdict"] == "ok"
    assert by_photo["photos/test/100.png"]["a person says"] == "yes"
    assert by_photo["photos/good/003.png"]["kind"] == "held out"


def test_a_report_without_threshold_or_figures_says_what_is_missing(
    without_threshold: Project, tmp_path: Path
) -> None:
    written(without_threshold, tmp_path)
    text = page_of(tmp_path).text
    assert "No threshold is set" in text
    assert "The detector was not measured on these test photos." in text
    assert f"`anogen evaluate {without_threshold.folder} {RUN}` does that." in text
    assert "Missed" not in text
    assert pdf_pages((tmp_path / "report.pdf").read_bytes()) >= 1


def test_a_photo_that_cannot_be_read_is_told_and_the_others_are_shown(
    inspected: Project, tmp_path: Path
) -> None:
    (inspected.folder / "photos/test/crack/002.png").write_bytes(b"no photo")
    (inspected.folder / f"runs/{RUN}/maps/photos-test-100.png").unlink()
    events = written(inspected, tmp_path)
    warned = [event.message for event in events if isinstance(event, Warned)]
    assert len(warned) == 2
    assert "002.png is not an image" in warned[0]
    assert "The anomaly map" in warned[1]
    page = page_of(tmp_path)
    assert warned[0] in page.text
    photos = [value for tag, name, value in page.attributes if name == "alt" and value.startswith("Photo ")]
    assert photos == ["Photo test/100.png", "Photo test/101.png", "Photo test/crack/003.png"]


def test_a_sample_that_is_gone_is_told(inspected: Project, tmp_path: Path) -> None:
    (inspected.folder / inspected.samples()[0].path).unlink()
    written(inspected, tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8").count("Sample of crack") == 1


def test_a_folder_that_cannot_be_written_to(inspected: Project, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(EngineError):
        written(inspected, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "Cannot write to")]
)
def test_a_disk_that_takes_nothing_leaves_no_half_file(
    inspected: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    written(inspected, tmp_path)
    before = (tmp_path / "report.html").read_bytes()

    def refuse(_path: Path, _content: bytes) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(EngineError, match=words):
        written(inspected, tmp_path)
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir() if file.is_file()) == sorted(
        [reporting.PAGE, reporting.PDF, reporting.TABLE]
    )


def test_a_new_report_takes_the_place_of_the_former(inspected: Project, tmp_path: Path) -> None:
    written(inspected, tmp_path)
    (row,) = inspected.runs()
    inspected.set_bands(row.id, 0.1, 0.1)
    written(inspected, tmp_path)
    assert "Missed: 1" not in page_of(tmp_path).text


def test_pictures_show_map_and_photo_at_one_size(inspected: Project, tmp_path: Path) -> None:
    written(inspected, tmp_path)
    images = dict[str, Image.Image]()
    attributes = page_of(tmp_path).attributes
    for (tag, name, value), (_, _, alt) in itertools.pairwise(attributes):
        if tag == "img" and name == "src":
            images[alt] = Image.open(io.BytesIO(base64.b64decode(value.partition(",")[2])))
    heatmap, photo = images["Anomaly map of test/crack/003.png"], images["Photo test/crack/003.png"]
    assert heatmap.size == photo.size == (48, 40)
    red = [heatmap.getpixel((x, 5))[0] - photo.getpixel((x, 5))[0] for x in (0, 47)]  # type: ignore[index]
    assert red[1] > red[0]  # the map rises to the right
