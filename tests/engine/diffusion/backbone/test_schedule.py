"""The noise schedule against diffusers' own, and its formulas against each other."""

from typing import Any

import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from engine.diffusion.backbone.schedule import Schedule, schedule_from_config
from engine.errors import EngineError

CONFIGS: dict[str, dict[str, Any]] = {
    "ldm": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
    "defaults": {},
    "short": {"beta_schedule": "linear", "num_train_timesteps": 20, "beta_end": 0.1},
    "cosine": {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 200},
    "trained": {"trained_betas": [0.01, 0.02, 0.05, 0.2]},
    "zero-snr": {
        "beta_schedule": "scaled_linear",
        "beta_start": 0.00085,
        "beta_end": 0.012,
        "rescale_betas_zero_snr": True,
    },
}
PREDICTIONS = ("epsilon", "v_prediction")


@pytest.fixture(params=CONFIGS)
def config(request: pytest.FixtureRequest) -> dict[str, Any]:
    return CONFIGS[request.param]


def reference(config: dict[str, Any], prediction: str = "epsilon") -> Any:
    """The scheduler that the backbones were trained with."""
    return DDPMScheduler(**config, prediction_type=prediction, clip_sample=False)


def latents(seed: int, count: int = 4) -> Tensor:
    return torch.randn(count, 3, 5, 5, generator=torch.Generator().manual_seed(seed))


def timesteps_of(schedule: Schedule) -> Tensor:
    """Four of them, the last but one among them."""
    last = schedule.num_timesteps - 1
    return torch.tensor([0, last // 3, last // 2, last - 1])


def test_numbers_worked_out_by_hand() -> None:
    schedule = schedule_from_config({"beta_start": 0.1, "beta_end": 0.3, "num_train_timesteps": 3})
    torch.testing.assert_close(schedule.alphas_cumprod, torch.tensor([0.9, 0.72, 0.504]))
    z0, noise = torch.full((1, 1, 1, 1), 2.0), torch.full((1, 1, 1, 1), 3.0)
    assert float(schedule.add_noise(z0, noise, 1)) == pytest.approx(0.72**0.5 * 2 + 0.28**0.5 * 3)
    assert float(schedule.velocity(z0, noise, 1)) == pytest.approx(0.72**0.5 * 3 - 0.28**0.5 * 2)


def test_the_noise_levels_are_those_of_diffusers(config: dict[str, Any]) -> None:
    schedule = schedule_from_config(config)
    expected = reference(config).alphas_cumprod
    assert schedule.num_timesteps == len(expected)
    assert schedule.alphas_cumprod.dtype == torch.float32
    torch.testing.assert_close(schedule.alphas_cumprod, expected, rtol=1e-4, atol=1e-7)


def test_noise_is_added_as_diffusers_does(config: dict[str, Any]) -> None:
    schedule, t = schedule_from_config(config), timesteps_of(schedule_from_config(config))
    z0, noise = latents(0), latents(1)
    torch.testing.assert_close(
        schedule.add_noise(z0, noise, t), reference(config).add_noise(z0, noise, t), rtol=1e-4, atol=1e-5
    )


def test_velocity_is_that_of_diffusers(config: dict[str, Any]) -> None:
    schedule, t = schedule_from_config(config), timesteps_of(schedule_from_config(config))
    z0, noise = latents(0), latents(1)
    expected = reference(config).get_velocity(z0, noise, t)
    torch.testing.assert_close(schedule.velocity(z0, noise, t), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_a_prediction_means_the_same_x0_as_in_diffusers(config: dict[str, Any], prediction: str) -> None:
    schedule = schedule_from_config({**config, "prediction_type": prediction})
    z_t, output = latents(2, 1), latents(3, 1)
    for t in timesteps_of(schedule).tolist():
        stepped = reference(config, prediction).step(output, t, z_t, generator=torch.Generator())
        torch.testing.assert_close(
            schedule.to_x0(output, z_t, t), stepped.pred_original_sample, rtol=2e-3, atol=1e-4
        )


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_a_right_prediction_gives_back_photo_and_noise(config: dict[str, Any], prediction: str) -> None:
    schedule = schedule_from_config({**config, "prediction_type": prediction})
    z0, noise, t = latents(0), latents(1), timesteps_of(schedule)
    z_t = schedule.add_noise(z0, noise, t)
    target = schedule.target(z0, noise, t)
    torch.testing.assert_close(schedule.to_x0(target, z_t, t), z0, rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(schedule.to_noise(target, z_t, t), noise, rtol=1e-4, atol=1e-4)


def test_the_target_is_what_the_unet_was_trained_for() -> None:
    z0, noise = latents(0), latents(1)
    of_noise, of_velocity = (schedule_from_config({"prediction_type": kind}) for kind in PREDICTIONS)
    assert torch.equal(of_noise.target(z0, noise, 500), noise)
    assert torch.equal(of_velocity.target(z0, noise, 500), of_velocity.velocity(z0, noise, 500))


def test_a_rescaled_schedule_ends_in_pure_noise() -> None:
    plain = schedule_from_config(CONFIGS["ldm"])
    rescaled = schedule_from_config({**CONFIGS["zero-snr"], "prediction_type": "v_prediction"})
    assert rescaled.zero_snr
    assert not plain.zero_snr
    assert float(rescaled.alphas_cumprod[-1]) == 0.0
    torch.testing.assert_close(rescaled.alphas_cumprod[0], plain.alphas_cumprod[0])
    assert bool((rescaled.alphas_cumprod.diff() < 0).all())
    z0, noise = latents(0), latents(1)
    assert torch.equal(rescaled.add_noise(z0, noise, 999), noise)
    torch.testing.assert_close(rescaled.to_x0(-z0, noise, 999), z0)


def test_a_prediction_of_noise_says_nothing_of_pure_noise_but_stays_finite() -> None:
    schedule = schedule_from_config(CONFIGS["zero-snr"])
    assert torch.isfinite(schedule.to_x0(latents(0), latents(1), 999)).all()


def test_one_timestep_is_that_of_the_whole_batch() -> None:
    schedule, z0, noise = schedule_from_config(CONFIGS["ldm"]), latents(0), latents(1)
    several = schedule.add_noise(z0, noise, torch.full((4,), 321))
    assert torch.equal(schedule.add_noise(z0, noise, 321), several)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_the_type_of_the_latents_stays(dtype: torch.dtype) -> None:
    schedule, t = schedule_from_config({"prediction_type": "v_prediction"}), torch.tensor([0, 10, 500, 999])
    z0, noise = latents(0).to(dtype), latents(1).to(dtype)
    for result in (
        schedule.add_noise(z0, noise, t),
        schedule.target(z0, noise, t),
        schedule.to_x0(noise, z0, t),
    ):
        assert result.dtype == dtype


def test_an_unknown_prediction_is_refused() -> None:
    with pytest.raises(EngineError, match="prediction type “sample” is not supported"):
        schedule_from_config({"prediction_type": "sample"})


def test_an_unknown_schedule_is_refused_by_the_name_of_its_file() -> None:
    with pytest.raises(EngineError, match=r"^here\.json: the noise schedule “sigmoid”") as told:
        schedule_from_config({"beta_schedule": "sigmoid"}, "here.json")
    assert "scaled_linear" in told.value.hint


@pytest.mark.parametrize(
    "damage",
    [{"beta_start": "much"}, {"trained_betas": "none"}, {"num_train_timesteps": None}, {"beta_end": [1]}],
)
def test_what_is_no_number_is_told(damage: dict[str, Any]) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        schedule_from_config(damage)


@pytest.mark.parametrize("steps", [0, -5])
def test_a_schedule_without_timesteps_is_told(steps: int) -> None:
    with pytest.raises(EngineError, match="cannot be read"):
        schedule_from_config({"num_train_timesteps": steps})
