"""The command *demo*: the whole path on a made-up product, and a page that shows it."""

import argparse
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from engine import tasks
from engine.cli.console import Console, as_events, opened
from engine.cli.demo_page import Page, write_page
from engine.cli.job_commands import lasting_reference, run_job
from engine.cli.options import typed_settings
from engine.cli.parser import Commands
from engine.cli.status import as_word
from engine.data.files import write_atomically
from engine.errors import EngineError
from engine.project import Project
from engine.project.importing import import_photos
from engine.project.planning import plan_generate, plan_learn
from engine.project.project import CATALOGUE
from engine.protocol import FileWritten, Finished, GenerateSettings, LearnSettings, RenderDemoJob

ANOMALY = "broken"
SUPPORTS = ("000", "001", "002")
_SEED = 7

_ABOUT = """\
Renders photos of a made-up product, three bad ones with masks among them, and runs the whole
path on it: new, import, learn, generate. It takes about six minutes on two processor cores,
and ends with a page, D/index.html, to be opened in a browser. Stopped with Ctrl-C, the same
command goes on."""


@dataclass(frozen=True)
class Plan:
    """How much of everything the demo makes."""

    goods: int
    tests: int
    bad: int
    learn: LearnSettings
    generate: GenerateSettings


FULL = Plan(24, 6, 9, LearnSettings(), GenerateSettings(count=8, seed=_SEED))
QUICK = Plan(
    6,
    1,
    3,
    LearnSettings(steps=20, strip_every=5, checkpoint_every=10),
    GenerateSettings(count=2, seed=_SEED, candidates=1, steps=8),
)


class Timings(msgspec.Struct):
    """How long each part took, over all attempts, and which parts are done; kept in `demo.json`."""

    seconds: dict[str, float] = {}
    done: list[str] = []


@dataclass
class Demo:
    """The demo in its folder, part by part."""

    folder: Path
    plan: Plan
    console: Console
    timings: Timings = field(default_factory=Timings)

    @property
    def product(self) -> Path:
        return self.folder / "product"

    def part(self, name: str, finished: Finished, began: float) -> Finished:
        """Note how long a part took; `finished` is how it ended."""
        if name not in self.timings.done:
            self.timings.seconds[name] = self.timings.seconds.get(name, 0) + time.monotonic() - began
            if finished.outcome == "done":
                self.timings.done.append(name)
            with write_atomically(self.folder / "demo.json") as temporary:
                temporary.write_bytes(msgspec.json.encode(self.timings))
        return finished


def add(commands: Commands) -> None:
    """Add the command to the command line."""
    parser = commands.add("demo", _demo, "show the whole path on a made-up product", _ABOUT, "anogen demo D")
    parser.add_argument(
        "folder", metavar="D", type=Path, help="a new folder, or that of a demo to go on with"
    )
    parser.add_argument("--quick", action="store_true", help="only a few steps, to see that everything works")
    parser.add_argument(
        "--backbone", metavar="B", default="embedded", help="name, folder or hub id [default embedded]"
    )


def _demo(arguments: argparse.Namespace, console: Console) -> Finished:
    demo = _begun(arguments, console)
    finished = _rendered(demo)
    if finished.outcome != "done":
        return finished
    with _project(demo) as project:
        finished = _path(demo, project)
        if finished.outcome != "done":
            return finished
        page = _page(demo, project, arguments.folder)
        write_page(page)
    console.show(FileWritten(path=str(page.path), what="page"))
    console.finish(finished)
    console.say(f"Open it in a browser: {page.path.as_uri()}")
    return finished


def _begun(arguments: argparse.Namespace, console: Console) -> Demo:
    """The demo in its folder. Raises EngineError for a folder that holds something else, and without backbone."""
    from engine.diffusion.backbone.places import find_backbone

    folder = arguments.folder.expanduser().resolve()
    plan = QUICK if arguments.quick else FULL
    learn = msgspec.structs.replace(plan.learn, backbone=lasting_reference(arguments.backbone))
    plan = Plan(plan.goods, plan.tests, plan.bad, learn, plan.generate)
    record = folder / "demo.json"
    if folder.exists() and not record.exists() and (folder.is_file() or any(folder.iterdir())):
        raise EngineError(f"{folder} is not empty.", "Choose a new folder for the demo.")
    find_backbone(learn.backbone)
    timings = msgspec.json.decode(record.read_bytes(), type=Timings) if record.exists() else Timings()
    demo = Demo(folder, plan, console, timings)
    with write_atomically(record) as temporary:
        temporary.write_bytes(msgspec.json.encode(timings))
    return demo


def _project(demo: Demo) -> Project:
    """The demo's project: a new one, or what there is of it, however an earlier attempt ended."""
    folder = demo.folder / "project"
    if not folder.exists():
        return Project.create(folder)
    return opened(str(folder), demo.console) if (folder / CATALOGUE).exists() else Project.rebuild(folder)


def _rendered(demo: Demo) -> Finished:
    """Render the product's photos, unless they are there."""
    began, plan = time.monotonic(), demo.plan
    job = RenderDemoJob(project=str(demo.product), goods=plan.goods, tests=plan.tests, bad=plan.bad)
    finished = demo.console.run(tasks.run(job), demo.folder)
    return demo.part("Rendering the photos", finished, began)


def _path(demo: Demo, project: Project) -> Finished:
    """Import, learn, generate; how the last of them ended that was begun."""
    console, began = demo.console, time.monotonic()
    finished = console.run(as_events(import_photos(project, demo.product)), demo.folder)
    if demo.part("Importing them", finished, began).outcome != "done":
        return finished
    began = time.monotonic()
    learning = plan_learn(project, ANOMALY, SUPPORTS, demo.plan.learn, console.warn)
    finished = demo.part("Learning", run_job(learning, project, console), began)
    if finished.outcome != "done":
        return finished
    began = time.monotonic()
    generating = plan_generate(project, ANOMALY, None, (), demo.plan.generate, console.warn)
    return demo.part(
        f"Generating {demo.plan.generate.count} samples", run_job(generating, project, console), began
    )


def _page(demo: Demo, project: Project, typed: Path) -> Page:
    """What the page shows."""
    embedding = project.embedding(ANOMALY)
    run = Path(embedding.path).stem
    samples = [
        sample
        for sample in project.samples(anomaly=ANOMALY)
        if sample.embedding == embedding.path and not sample.is_missing
    ]
    return Page(
        path=demo.folder / "index.html",
        project=project.folder,
        anomaly=ANOMALY,
        goods=len(project.photos("good")),
        supports=project.supports(ANOMALY),
        strip=sorted((project.folder / "runs" / run / "strip").glob("*.png")),
        samples=samples[: demo.plan.generate.count],
        samples_folder=(typed / "project" / "samples").as_posix(),
        backbone=embedding.backbone,
        settings={"Learning": demo.plan.learn, "Generating": demo.plan.generate},
        seconds=demo.timings.seconds,
        again=_commands_again(demo.plan, typed),
        further=_commands_further(typed),
    )


def _commands_again(plan: Plan, typed: Path) -> list[str]:
    """The demo's path as commands, with its settings."""
    product, again = as_word((typed / "product").as_posix()), as_word((typed / "again").as_posix())
    supports = " ".join(f"--support {name}" for name in SUPPORTS)
    learning, generating = (
        "".join(f" {as_word(word)}" for word in typed_settings(settings))
        for settings in (plan.learn, plan.generate)
    )
    return [
        f"anogen new {again}",
        f"anogen import {again} {product}",
        f"anogen learn {again} --anomaly {ANOMALY} {supports}{learning}",
        f"anogen generate {again} --anomaly {ANOMALY}{generating}",
    ]


def _commands_further(typed: Path) -> list[str]:
    """What else can be done with the demo's project, and how to begin with other photos."""
    project = as_word((typed / "project").as_posix())
    return [
        f"anogen generate {project} --anomaly {ANOMALY} --count 16",
        f"anogen sheet {project} --out sheet.png",
        f"anogen export {project} --format coco --out for-training --all",
        "",
        "anogen new P",
        "anogen import P my/photos",
        "anogen status P",
    ]
