"""The demo's page: it holds what was made, opens anywhere, and asks the network for nothing."""

import base64
import io
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli.demo_page import Page, write_page
from engine.data.images import read_photo
from engine.data.pictures import close_up, embedded_jpeg, outlined
from engine.geometry import Box
from engine.project import Project
from engine.protocol import GenerateSettings, LearnSettings
from tests.engine.project.product import run_import, write_embedding, write_mvtec, write_photo, write_sample


class Links(HTMLParser):
    """All that a page refers to, and that its tags are closed."""

    VOID = ("meta", "img", "rect", "input")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attributes if name in ("src", "href")]
        if tag == "img":
            assert dict(attributes).get("alt")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture
def page(tmp_path: Path) -> Page:
    folder = tmp_path / "a demo & more"
    with Project.create(folder / "project") as project:
        run_import(project, write_mvtec(tmp_path / "source"))
        project.record(write_embedding(project.folder))
        box = Box(center_x=18, center_y=15, width=12, height=10, angle_deg=30)
        project.record(write_sample(project.folder, "00000-000", boxes=(box,)))
        project.set_supports("crack", [project.find_photo("000", "crack")])
        strip = [write_photo(project.folder / f"runs/r/strip/{step:06}.png", seed=step) for step in (50, 100)]
        return Page(
            path=folder / "index.html",
            project=project.folder,
            anomaly="crack <b>",
            goods=4,
            supports=project.supports("crack"),
            strip=strip,
            samples=project.samples(),
            samples_folder="demo/<samples>",
            backbone="embedded",
            settings={"Learning": LearnSettings(steps=12), "Generating": GenerateSettings(seed=7)},
            seconds={"Learning": 75.0},
            again=['anogen new "my demo"'],
            further=["anogen generate P --count <N>"],
        )


def test_the_page_holds_its_pictures_and_leads_nowhere_else(page: Page) -> None:
    write_page(page)
    text = page.path.read_text("utf-8")
    links = Links()
    links.feed(text)
    assert not links.open
    pictures = [picture_of(link) for link in links.found]
    supports, strip, sample = 1, 2, 4
    assert len(pictures) == supports + strip + sample
    assert pictures[0].size == (48, 40)
    assert "http" not in text
    assert "@import" not in text
    assert "url(" not in text
    assert "${" not in text
    assert [file.name for file in page.path.parent.iterdir() if file.is_file()] == ["index.html"]


def picture_of(address: str) -> Image.Image:
    """The picture that is in the address itself."""
    start = "data:image/jpeg;base64,"
    assert address.startswith(start)
    return Image.open(io.BytesIO(base64.b64decode(address.removeprefix(start), validate=True)))


def test_the_page_holds_what_was_made(page: Page) -> None:
    write_page(page)
    text = page.path.read_text("utf-8")
    for said in (
        "50 steps",
        "100 steps",
        "near duplicate",
        "rotate(30.00 18.00 15.00)",
        "<th>Steps</th><td>12</td>",
        "1 min 15 s",
        "prefers-color-scheme: dark",
        "crack &lt;b&gt;",
        "anogen new &quot;my demo&quot;",
        "--count &lt;N&gt;",
        "demo/&lt;samples&gt;",
        "From one of those",
    ):
        assert said in text


def test_the_line_begins_left_of_the_box(page: Page) -> None:
    write_page(page)
    cut = int(page.path.read_text("utf-8").split("--cut: ")[1].split("%")[0])
    assert 0 < cut < 100 * page.samples[0].boxes[0].bounds()[0] / 48


def test_writing_the_page_again_gives_the_same(page: Page) -> None:
    write_page(page)
    first = page.path.read_bytes()
    write_page(page)
    assert page.path.read_bytes() == first


def test_a_close_up_shows_the_box_and_a_little_around_it() -> None:
    photo = np.zeros((300, 400, 3), dtype=np.uint8)
    photo[100:150, 200:250] = 255
    picture = close_up(photo, Box(center_x=225, center_y=125, width=50, height=50))
    assert picture.shape == (256, 256, 3)
    bright = (picture > 128).any(axis=2)
    assert bright.mean() == pytest.approx(1 / 1.6**2, abs=0.02)
    assert bright[128, 128]


def test_large_photos_are_reduced_for_the_page() -> None:
    address = embedded_jpeg(np.full((500, 2000, 3), 90, dtype=np.uint8))
    assert picture_of(address).size == (768, 192)


def test_the_outline_lies_around_the_mask(page: Page) -> None:
    photo = read_photo(page.project / page.supports[0].photo)
    mask = np.zeros(photo.shape[:2], dtype=bool)
    mask[10:20, 12:24] = True
    picture = outlined(photo, mask)
    changed = (picture != photo).any(axis=2)
    assert changed.any()
    assert not changed[mask].any()
    ys, xs = np.nonzero(changed)
    assert (ys.min(), ys.max(), xs.min(), xs.max()) == (8, 21, 10, 25)
