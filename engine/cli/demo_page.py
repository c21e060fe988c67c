"""The demo's page: one HTML file that holds all of its pictures and asks no network for anything."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import msgspec

from engine.cli.options import describe_settings
from engine.cli.progress import describe_time
from engine.data.files import write_atomically
from engine.data.images import photo_size, read_mask, read_photo
from engine.data.pictures import close_up, embedded_jpeg, outlined, picture_size
from engine.geometry import Box, Size
from engine.project import SampleRow
from engine.protocol import SupportPhoto
from engine.resources import find_resource
from engine.version import software

_WORDS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True)
class Page:
    """What there is to show, and where it goes: `path`. `strip` and `project` are absolute."""

    path: Path
    project: Path
    anomaly: str
    goods: int
    supports: Sequence[SupportPhoto]
    strip: Sequence[Path]
    samples: Sequence[SampleRow]
    samples_folder: str
    backbone: str
    settings: Mapping[str, msgspec.Struct]
    seconds: Mapping[str, float]
    again: Sequence[str]
    further: Sequence[str]


def write_page(page: Page) -> None:
    """Write the page, whole or not at all.

    Raises:
        EngineError: a photo cannot be read, or the folder cannot be written to.
    """
    template = Template(find_resource("demo/page.html").read_text("utf-8"))
    count = len(page.supports)
    strip_width = max((photo_size(image).width for image in page.strip), default=128)
    tables = [_timing_table(page.seconds), *(_settings_table(*item) for item in page.settings.items())]
    text = template.substitute(
        goods=page.goods,
        anomaly=html.escape(page.anomaly),
        support_count=_WORDS[count] if count < len(_WORDS) else count,
        supports=_joined(_support(page.project, support) for support in page.supports),
        strip=_joined(_strip_column(image) for image in page.strip),
        strip_width=min(max(strip_width, 112), 224),
        samples=_joined(_sample(page.project, sample) for sample in page.samples),
        samples_folder=html.escape(page.samples_folder),
        facts=_joined(tables),
        again=html.escape("\n".join(page.again)),
        further=html.escape("\n".join(page.further)),
        software=html.escape(f"{software()}, backbone “{page.backbone}”"),
    )
    with write_atomically(page.path) as temporary:
        temporary.write_text(text, "utf-8")


# --- parts of the page ---------------------------------------------------------------------------------


def _support(project: Path, support: SupportPhoto) -> str:
    photo = read_photo(project / support.photo)
    mask = read_mask(project / support.mask, picture_size(photo), project / support.photo)
    picture = _image(embedded_jpeg(outlined(photo, mask)), f"Support photo {support.name}")
    return _figure(picture, support.name)


def _strip_column(image: Path) -> str:
    step = image.stem.lstrip("0") or "0"
    return _figure(_image(embedded_jpeg(read_photo(image)), f"Sample after {step} steps"), f"{step} steps")


def _sample(project: Path, sample: SampleRow) -> str:
    """Photo and sample over each other, with the boxes; beside them the first box, close up."""
    before, after = read_photo(project / sample.photo), read_photo(project / sample.path)
    name = Path(sample.photo).stem
    close_ups = [
        _figure(_image(embedded_jpeg(close_up(pixels, sample.boxes[0])), f"The box, {side}"), side)
        for pixels, side in ((before, "photo"), (after, "sample"))
    ]
    flags = ", ".join(flag.replace("_", " ") for flag in sample.flags)
    flagged = f' · <span class="flag">{flags}</span>' if flags else ""
    caption = f"Photo {html.escape(name)}, seed {sample.seed}{flagged}"
    return (
        f'<figure class="card"><div class="pictures">'
        f"{_comparison(embedded_jpeg(before), embedded_jpeg(after), name, sample.boxes, picture_size(after))}"
        f'<div class="close-ups">{_joined(close_ups)}</div></div>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _comparison(before: str, after: str, name: str, boxes: Sequence[Box], size: Size) -> str:
    """The sample, and over it the photo as far as a line that can be moved; it begins left of the boxes."""
    left = min(box.bounds()[0] for box in boxes)
    cut = round(min(max(100 * left / size.width - 3, 4), 96))
    return (
        f'<div class="compare" style="--cut: {cut}%">{_image(after, f"Sample on {name}")}'
        f'<img class="before" src="{before}" alt="Photo {html.escape(name)}">'
        f'<svg viewBox="0 0 {size.width} {size.height}" preserveAspectRatio="none">'
        f'{"".join(map(_box, boxes))}</svg><span class="edge"></span>'
        f'<input type="range" min="0" max="100" value="{cut}" aria-label="More of the photo or of the sample">'
        "</div>"
    )


def _box(box: Box) -> str:
    x, y = box.center_x - box.width / 2, box.center_y - box.height / 2
    turn = f"rotate({box.angle_deg:.2f} {box.center_x:.2f} {box.center_y:.2f})"
    size = f'width="{box.width:.2f}" height="{box.height:.2f}"'
    return f'<rect x="{x:.2f}" y="{y:.2f}" {size} transform="{turn}"/>'


def _timing_table(seconds: Mapping[str, float]) -> str:
    return _table("Time taken", [(part, describe_time(taken)) for part, taken in seconds.items()])


def _settings_table(name: str, settings: msgspec.Struct) -> str:
    return _table(name, describe_settings(settings))


def _table(name: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><th>{html.escape(key)}</th><td>{html.escape(value)}</td></tr>" for key, value in rows
    )
    return f"<table><caption>{html.escape(name)}</caption>{cells}</table>"


def _figure(picture: str, caption: str) -> str:
    return f"<figure>{picture}<figcaption>{html.escape(caption)}</figcaption></figure>"


def _image(source: str, alt: str) -> str:
    return f'<img src="{source}" alt="{html.escape(alt)}">'


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts)
