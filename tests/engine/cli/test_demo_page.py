"""The demo's page: it holds what was made, opens anywhere, and asks the network for nothing."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from engine.cli.demo_page import Page, outlined, write_page
from engine.data.images import read_photo
from engine.geometry import Box
from engine.project import Project
from engine.protocol import GenerateSettings, LearnSettings
from tests.engine.project.product import run_import, write_embedding, write_mvtec, write_photo, write_sample


class Links(HTMLParser):
    """All that a page refers to, and that its tags are closed."""

    VOID = ("meta", "img", "rect", "br", "link")

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
            folder=folder,
            project=project.folder,
            anomaly="crack <b>",
            goods=4,
            supports=project.supports("crack"),
            strip=strip,
            samples=project.samples(),
            backbone="embedded",
            settings={"Learning": LearnSettings(steps=12), "Generating": GenerateSettings(seed=7)},
            seconds={"Learning": 75.0},
            commands=["anogen generate 'my demo' --count <N>"],
        )


def test_every_link_leads_to_a_file_and_none_to_the_network(page: Page) -> None:
    path = write_page(page)
    text = path.read_text("utf-8")
    links = Links()
    links.feed(text)
    assert not links.open
    assert len(links.found) >= 8
    for link in links.found:
        assert not re.match(r"[a-z]+:|/", link), link
        assert (page.folder / unquote(link)).exists(), link
    assert "http" not in text
    assert "@import" not in text
    assert "${" not in text


def test_the_page_holds_what_was_made(page: Page) -> None:
    text = write_page(page).read_text("utf-8")
    for said in (
        "50 steps",
        "100 steps",
        "near duplicate",
        "rotate(30.00 18.00 15.00)",
        "<th>Steps</th><td>12</td>",
        "1 min 15 s",
        "prefers-color-scheme: dark",
        "crack &lt;b&gt;",
        "--count &lt;N&gt;",
    ):
        assert said in text


def test_writing_the_page_again_gives_the_same(page: Page) -> None:
    first = write_page(page).read_bytes()
    pictures = sorted((page.folder / "page").iterdir())
    assert write_page(page).read_bytes() == first
    assert sorted((page.folder / "page").iterdir()) == pictures


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
