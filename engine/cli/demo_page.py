"""The demo's page: one HTML file with its pictures beside it, which opens anywhere without a network."""

import html
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from urllib.parse import quote

import msgspec
import numpy as np
from PIL import Image, ImageFilter

from engine.cli.options import describe_settings
from engine.cli.progress import describe_time
from engine.data.files import write_atomically
from engine.data.images import photo_size, read_mask, read_photo
from engine.geometry import Box, Size, crop_window
from engine.project import SampleRow
from engine.protocol import SupportPhoto
from engine.resources import find_resource
from engine.server import program_version

_OUTLINE = (217, 72, 43)
_CLOSE_UP_PX = 320
_CONTEXT = 1.6  # side of a close-up, as a multiple of its box's long side
_SMALLEST_CROP = 32


@dataclass(frozen=True)
class Page:
    """What there is to show. `folder` is where the page goes; `strip` and `project` are absolute."""

    folder: Path
    project: Path
    anomaly: str
    goods: int
    supports: Sequence[SupportPhoto]
    strip: Sequence[Path]
    samples: Sequence[SampleRow]
    backbone: str
    settings: Mapping[str, msgspec.Struct]
    seconds: Mapping[str, float]
    commands: Sequence[str]


def write_page(page: Page) -> Path:
    """Write `index.html` and its pictures; returns its path.

    Raises:
        EngineError: a photo cannot be read, or the folder cannot be written to.
    """
    template = Template(find_resource("demo/page.html").read_text("utf-8"))
    strip_width = max((photo_size(image).width for image in page.strip), default=128)
    text = template.substitute(
        goods=page.goods,
        anomaly=html.escape(page.anomaly),
        support_count=_in_words(len(page.supports)),
        supports=_joined(_support(page, support) for support in page.supports),
        strip=_joined(_strip_column(page, image) for image in page.strip),
        strip_width=min(max(strip_width, 128), 320),
        samples=_joined(_sample(page, number, sample) for number, sample in enumerate(page.samples)),
        samples_link=_link(page, page.project / "samples"),
        facts=_joined([_timing_table(page), *(_settings_table(*item) for item in page.settings.items())]),
        commands=html.escape("\n".join(page.commands)),
        software=html.escape(f"AnoGen Studio {program_version()}, backbone “{page.backbone}”"),
    )
    path = page.folder / "index.html"
    with write_atomically(path) as temporary:
        temporary.write_text(text, "utf-8")
    return path


def outlined(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The photo with a line around the mask.

    Args:
        photo: (H, W, 3) uint8.   mask: (H, W) bool.
    """
    width = max(3, max(mask.shape) // 130) | 1  # of the line, an odd number of pixels
    around = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(2 * width - 1))
    within = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(width))
    picture = photo.copy()
    picture[np.asarray(around) > np.asarray(within)] = _OUTLINE
    return picture


# --- parts of the page ---------------------------------------------------------------------------------


def _support(page: Page, support: SupportPhoto) -> str:
    photo = read_photo(page.project / support.photo)
    mask = read_mask(page.project / support.mask, _size(photo), page.project / support.photo)
    image = _save(page, f"support-{support.name}", outlined(photo, mask))
    return _figure(image, f"Support photo {support.name}", support.name)


def _strip_column(page: Page, image: Path) -> str:
    step = image.stem.lstrip("0") or "0"
    return _figure(_link(page, image), f"Sample after {step} steps", f"{step} steps")


def _sample(page: Page, number: int, sample: SampleRow) -> str:
    """Photo and sample side by side, each with its box, and below both close up."""
    before, after = page.project / sample.photo, page.project / sample.path
    size = photo_size(after)
    boxes = "".join(_box(box) for box in sample.boxes)
    overlay = f'<svg viewBox="0 0 {size.width} {size.height}" preserveAspectRatio="none">{boxes}</svg>'
    frames = [
        f'<a class="frame" href="{_link(page, path)}">{_image(_link(page, path), alt)}{overlay}</a>'
        for path, alt in ((before, f"Photo {before.stem}"), (after, f"Sample on {before.stem}"))
    ]
    close_ups = [
        _image(
            _save(page, f"sample-{number:02}-{side}", _close_up(path, sample.boxes[0])), f"The box, {side}"
        )
        for side, path in (("before", before), ("after", after))
    ]
    flags = ", ".join(flag.replace("_", " ") for flag in sample.flags)
    flagged = f' · <span class="flag">{flags}</span>' if flags else ""
    caption = f"<figcaption>{html.escape(before.stem)}, seed {sample.seed}{flagged}</figcaption>"
    return f'<figure class="card"><div class="pair">{"".join(frames + close_ups)}</div>{caption}</figure>'


def _box(box: Box) -> str:
    x, y = box.center_x - box.width / 2, box.center_y - box.height / 2
    turn = f"rotate({box.angle_deg:.2f} {box.center_x:.2f} {box.center_y:.2f})"
    size = f'width="{box.width:.2f}" height="{box.height:.2f}"'
    return f'<rect x="{x:.2f}" y="{y:.2f}" {size} transform="{turn}"/>'


def _close_up(path: Path, box: Box) -> np.ndarray:
    pixels = read_photo(path)
    crop = Image.fromarray(pixels[crop_window(box, _size(pixels), _SMALLEST_CROP, _CONTEXT).slices()])
    return np.asarray(
        crop.resize((_CLOSE_UP_PX, round(_CLOSE_UP_PX * crop.height / crop.width)), Image.Resampling.LANCZOS)
    )


def _timing_table(page: Page) -> str:
    rows = [(part, describe_time(seconds)) for part, seconds in page.seconds.items()]
    return _table("Time taken", rows)


def _settings_table(name: str, settings: msgspec.Struct) -> str:
    return _table(f"Settings: {name.lower()}", describe_settings(settings))


def _table(name: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><th>{html.escape(key)}</th><td>{html.escape(value)}</td></tr>" for key, value in rows
    )
    return f"<table><caption>{html.escape(name)}</caption>{cells}</table>"


def _figure(image: str, alt: str, caption: str) -> str:
    return f"<figure>{_image(image, alt)}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _image(source: str, alt: str) -> str:
    return f'<img src="{source}" alt="{html.escape(alt)}" loading="lazy">'


def _save(page: Page, name: str, pixels: np.ndarray) -> str:
    """Save a picture beside the page; the link to it."""
    path = page.folder / "page" / f"{name}.jpg"
    with write_atomically(path) as temporary:
        Image.fromarray(pixels).save(temporary, format="JPEG", quality=92)
    return _link(page, path)


def _link(page: Page, path: Path) -> str:
    """A link relative to the page, so that the demo's folder can be moved."""
    return html.escape(quote(Path(os.path.relpath(path, page.folder)).as_posix()))


def _in_words(count: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six")
    return words[count] if count < len(words) else str(count)


def _size(pixels: np.ndarray) -> Size:
    return Size(pixels.shape[1], pixels.shape[0])


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)
