"""The command *detector export*: a trained detector as a file for other programs."""

import argparse
from typing import get_args

from engine.cli.console import CANCELLED, Console, opened_to_read
from engine.cli.job_commands import run_job
from engine.cli.parser import Commands, add_project, add_run, parse_path
from engine.project.detecting import plan_export
from engine.protocol import ExportFormat, Finished

_ABOUT = """\
The preparation of photos is inside the file: what goes in is a photo as it is (1 × height ×
width × 3, RGB, 0 to 255), of any size, what comes out the anomaly map at the detector's side
and the image score, both 0 to 1. In the file stand the run, preset, side, and the scores above
which photos are looked at again or rejected, where you have set them. Before it is kept, it is
run on a photo and compared with the detector itself. (Left to itself, OpenVINO computes in
bfloat16 on some processors; INFERENCE_PRECISION_HINT=f32 gives the same figures.)

Needs: pip install anogen-studio[export]"""

_EXAMPLES = """\
anogen detector export P draem-anogen-light-2e87658220 --out detector.onnx
anogen detector export P draem --format openvino --out detector.xml"""


def add(commands: Commands) -> None:
    """Add the command to the command line."""
    group = commands.add_group("detector", "hand trained detectors on to other programs")
    parser = group.add("export", _export, "write a detector as ONNX or OpenVINO", _ABOUT, _EXAMPLES)
    add_project(parser)
    add_run(parser)
    parser.add_argument(
        "--format", choices=get_args(ExportFormat), default="onnx", help="the format [default %(default)s]"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=parse_path,
        required=True,
        help="the file to write: .onnx, or .xml with its weights beside in .bin",
    )


def _export(arguments: argparse.Namespace, console: Console) -> Finished:
    out = str(arguments.out.expanduser().absolute())
    with opened_to_read(arguments.project, console) as project:
        job = plan_export(project, arguments.run, out, arguments.format)
        return run_job(job, project, console, CANCELLED)
