"""Stage 1 against upstream's loop: steps per second, and the time to upstream's final evaluation loss."""

from engine.diffusion.backbone import Backbone, load_backbone
from engine.diffusion.crops import whole_photo_crops
from engine.diffusion.inversion import EvaluationBatch, Inversion, InversionConfig
from engine.diffusion.prompts import templates_for
from engine.diffusion.views import Views, encode_crops
from tests.benchmarks.product import demo_photos, read_supports
from tests.benchmarks.report import Row
from tests.benchmarks.turns import steps_per_second
from tests.benchmarks.upstream import BATCH, RATE, STEPS, UpstreamInversion

_EVALUATE_EVERY, _EVALUATE_UPSTREAM_EVERY = 10, 50


def measure_inversion(reference: str, upstream_steps: int, side: int | None) -> list[Row]:
    """Both on the same crops and backbone, batch 4.

    Of upstream's schedule (6100 steps) `upstream_steps` are run, and its lowest evaluation loss on the way is what
    is to be reached; the time of the whole schedule follows from the measured steps per second. Crops of `side` pixels
    instead of the backbone's own make that affordable.
    """
    with demo_photos() as folder:
        supports = read_supports(folder)
    backbone = load_backbone(reference)
    crops = whole_photo_crops(supports, side or backbone.size_px)
    views = encode_crops(backbone, crops)
    upstream = UpstreamInversion(load_backbone(reference), crops, backbone.word_vectors("defect", 1), seed=0)
    ours = _product(backbone, views)
    rates = steps_per_second(upstream.advance, ours.advance)
    speed = Row("stage 1, steps per second", rates[0], rates[1], rates[1] / rates[0], 1.8)
    return [speed, _time_to_loss(reference, views, upstream, upstream_steps, rates)]


def _product(backbone: Backbone, views: Views) -> Inversion:
    templates = templates_for("product", backbone.manifest.captions_are_sentences)
    config = InversionConfig(templates, RATE, batch_size=BATCH)
    return Inversion(backbone, views, backbone.word_vectors("defect", 2), config)


def _time_to_loss(
    reference: str, views: Views, upstream: UpstreamInversion, steps: int, rates: tuple[float, float]
) -> Row:
    evaluation = EvaluationBatch(upstream.backbone, views, seed=0)
    templates = templates_for("paper", True)
    target = float("inf")
    for step in range(1, steps + 1):
        upstream.advance()
        if step % _EVALUATE_UPSTREAM_EVERY == 0:
            target = min(target, evaluation.loss(templates[0], upstream.vectors))
    ours = _product(load_backbone(reference), views)
    while ours.evaluate() > target and ours.step < STEPS:
        for _ in range(_EVALUATE_EVERY):
            ours.advance()
    reached = ours.evaluate()
    whole_s, ours_s = STEPS / rates[0], ours.step / rates[1]
    ratio = whole_s / max(ours_s, 1e-9) if reached <= target else 0.0
    note = f"upstream at best {target:.4f} in {steps} of {STEPS} steps, ours {reached:.4f} after {ours.step}"
    return Row("stage 1, seconds to upstream's loss", whole_s, ours_s, ratio, 4.0, note)
