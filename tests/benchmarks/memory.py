"""Memory of a generate job on a photo of 100 megapixels with 20 boxes, above the loaded backbone."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

from tests.benchmarks.report import Row

_SIDE, _BOXES, _LIMIT_GB = 10_000, 20, 3.0
_SCRIPT = "from tests.benchmarks.memory import generate_large; generate_large({folder!r}, {reference!r})"


def measure_memory(reference: str) -> list[Row]:
    """In a process of its own: the peak is the process's."""
    with TemporaryDirectory() as folder:
        write_large_photo(Path(folder) / "large.png")
        script = _SCRIPT.format(folder=folder, reference=reference)
        result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded_gb, peak_gb, samples = json.loads(result.stdout.splitlines()[-1])
    above = peak_gb - loaded_gb
    note = f"{samples} sample of 100 MP with {_BOXES} boxes; peak {peak_gb:.2f} GB, {loaded_gb:.2f} GB loaded"
    return [Row("stage 2, GB above the loaded backbone", _LIMIT_GB, above, _LIMIT_GB / above, 1.0, note)]


def write_large_photo(path: Path) -> None:
    """A smooth photo of 100 megapixels with a little grain."""
    ramp = np.linspace(40, 215, _SIDE, dtype=np.float32)
    rows = np.empty((_SIDE, _SIDE, 3), np.uint8)
    rng = np.random.default_rng(0)
    for top in range(0, _SIDE, 500):
        block = ramp[top : top + 500, None] * 0.5 + ramp * 0.5
        rows[top : top + 500] = (block + rng.normal(0, 2, block.shape))[..., None].clip(0, 255)
    Image.fromarray(rows).save(path, compress_level=1)


def _memory_bytes() -> int:
    """Memory that this process holds now; Linux only."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def generate_large(folder: str, reference: str) -> None:
    """Run in the child process: prints [GB with the backbone loaded, GB at the peak, samples written]."""
    from engine.device import peak_memory_bytes, tune_cpu
    from engine.diffusion.backbone import load_backbone
    from engine.diffusion.generation import generate
    from engine.diffusion.loaded import load_embedding
    from engine.geometry import Box
    from engine.protocol import GenerateJob, GenerateSettings, Placement, SampleWritten
    from tests.benchmarks.generation import save_embedding

    tune_cpu()
    project = Path(folder)
    embedding = save_embedding(load_backbone(reference), project)
    load_embedding(embedding, project)
    loaded = _memory_bytes()
    boxes = tuple(
        Box(center_x=1000.0 + 1900 * (i % 5), center_y=1500.0 + 2200 * (i // 5), width=700.0, height=500.0)
        for i in range(_BOXES)
    )
    job = GenerateJob(
        project=folder,
        anomaly="crack",
        embedding=str(embedding.relative_to(project)),
        placements=(Placement(photo="large.png", boxes=boxes),),
        settings=GenerateSettings(count=1, seed=1, steps=4),
    )
    samples = sum(isinstance(event, SampleWritten) for event in generate(job))
    print(json.dumps([loaded / 1e9, peak_memory_bytes() / 1e9, samples]))
