from collections.abc import Callable

import pytest
import torch
from diffusers import DPMSolverMultistepScheduler
from torch import Tensor

from engine.diffusion.backbone.schedule import Schedule, schedule_from_config
from engine.diffusion.sampling import (
    Sampled,
    ddim,
    dpm_solver_pp_2m,
    guide,
    keep_outside_box,
    noise_levels,
)

BETAS = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


def schedule_of(zero_snr: bool = False) -> Schedule:
    return schedule_from_config({**BETAS, "rescale_betas_zero_snr": zero_snr})


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def no_blend(latents: Tensor, level: int) -> Tensor:
    return latents


def exactly(schedule: Schedule, noise: Tensor) -> Callable[[Tensor, int], Tensor]:
    """A denoiser that knows the noise: ẑ₀ = (z_t − √(1 − ᾱ_t) ε) / √ᾱ_t."""
    return lambda z, t: schedule.to_x0(noise, z, t)


def curved(z: Tensor, timestep: int) -> Tensor:
    """A denoiser that knows nothing, but depends on both of its inputs."""
    return torch.tanh(z) * (0.3 + timestep / 1500) + 0.1


# --- noise levels ----------------------------------------------------------------------------------------


def test_leading_steps_are_those_of_ddim() -> None:
    levels = noise_levels(schedule_of(), 50, "leading")
    assert levels.timesteps == tuple(range(981, 0, -20))
    assert len(levels.signal) == 51
    assert (levels.signal[-1], levels.sigma[-1]) == (1.0, 0.0)


def test_trailing_steps_start_at_the_end() -> None:
    levels = noise_levels(schedule_of(), 20, "trailing")
    assert levels.timesteps == tuple(range(999, 0, -50))
    assert levels.timestep_at(19) == 49
    assert levels.timestep_at(20) is None


def test_levels_hold_the_schedule_s_signal_and_noise() -> None:
    schedule = schedule_of()
    levels = noise_levels(schedule, 7, "trailing", last_alpha=0.25)
    for timestep, signal, sigma in zip(levels.timesteps, levels.signal, levels.sigma, strict=False):
        assert signal == pytest.approx(float(schedule.alphas_cumprod[timestep]) ** 0.5)
        assert signal**2 + sigma**2 == pytest.approx(1)
    assert levels.signal[-1] == pytest.approx(0.5)


@pytest.mark.parametrize("spacing", ["leading", "trailing"])
def test_more_steps_than_timesteps_are_all_timesteps(spacing: str) -> None:
    schedule = schedule_from_config({**BETAS, "num_train_timesteps": 10})
    levels = noise_levels(schedule, 25, spacing)  # type: ignore[arg-type]
    assert len(levels) == 10
    assert max(levels.timesteps) == 9
    assert min(levels.timesteps) >= 0


def test_a_schedule_that_ends_in_pure_noise_has_no_infinite_level() -> None:
    levels = noise_levels(schedule_of(zero_snr=True), 5, "trailing")
    assert levels.signal[0] > 0
    assert levels.sigma[0] == 1


# --- DDIM ------------------------------------------------------------------------------------------------


def test_ddim_with_exact_noise_recovers_z0() -> None:
    schedule, z0, noise = schedule_of(), random(2, 4, 6, 6), random(2, 4, 6, 6, seed=1)
    levels = noise_levels(schedule, 10, "trailing")
    start = schedule.add_noise(z0, noise, levels.timesteps[0])
    states = list(ddim(exactly(schedule, noise), start, levels, no_blend))
    assert [state.level for state in states] == list(range(1, 11))
    for state in states[:-1]:
        on_the_way = schedule.add_noise(z0, noise, levels.timesteps[state.level])
        torch.testing.assert_close(state.latents, on_the_way, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(states[-1].latents, z0, rtol=1e-4, atol=1e-4)


def test_ddim_ends_at_the_noise_that_is_asked_for() -> None:
    schedule, z0, noise = schedule_of(), random(1, 4, 4, 4), random(1, 4, 4, 4, seed=1)
    levels = noise_levels(schedule, 5, "leading", last_alpha=0.36)
    start = schedule.add_noise(z0, noise, levels.timesteps[0])
    *_, last = ddim(exactly(schedule, noise), start, levels, no_blend)
    torch.testing.assert_close(last.latents, 0.6 * z0 + 0.8 * noise, rtol=1e-4, atol=1e-4)


def test_ddim_blends_before_every_step_and_not_after_the_last() -> None:
    blended: list[int] = []

    def blend(latents: Tensor, level: int) -> Tensor:
        blended.append(level)
        return latents

    levels = noise_levels(schedule_of(), 3, "trailing")
    assert len(list(ddim(curved, random(1, 4, 2, 2), levels, blend))) == 3
    assert blended == [0, 1, 2]


# --- DPM-Solver++(2M) ------------------------------------------------------------------------------------


def test_dpm_solver_with_exact_noise_recovers_z0() -> None:
    schedule, z0, noise = schedule_of(), random(2, 4, 6, 6), random(2, 4, 6, 6, seed=1)
    levels = noise_levels(schedule, 8, "trailing")
    start = Sampled(schedule.add_noise(z0, noise, levels.timesteps[0]))
    *_, last = dpm_solver_pp_2m(exactly(schedule, noise), start, levels, no_blend)
    torch.testing.assert_close(last.latents, z0, rtol=1e-4, atol=1e-4)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of diffusers
@pytest.mark.parametrize("steps", [5, 20])
@pytest.mark.parametrize("zero_snr", [False, True])
def test_dpm_solver_takes_the_steps_of_diffusers(steps: int, zero_snr: bool) -> None:
    reference = DPMSolverMultistepScheduler(
        **BETAS,
        algorithm_type="dpmsolver++",
        solver_order=2,
        solver_type="midpoint",
        prediction_type="sample",
        timestep_spacing="trailing",
        rescale_betas_zero_snr=zero_snr,
    )
    reference.set_timesteps(steps)
    start = random(2, 4, 5, 5)
    levels = noise_levels(schedule_of(zero_snr), steps, "trailing")
    assert levels.timesteps == tuple(reference.timesteps.tolist())
    expected = start
    for state in dpm_solver_pp_2m(curved, Sampled(start), levels, no_blend):
        timestep = levels.timesteps[state.level - 1]
        expected = reference.step(curved(expected, timestep), timestep, expected).prev_sample
        torch.testing.assert_close(state.latents, expected, rtol=2e-4, atol=2e-4)


def test_dpm_solver_goes_on_from_any_state() -> None:
    levels = noise_levels(schedule_of(), 6, "trailing")
    states = list(dpm_solver_pp_2m(curved, Sampled(random(1, 4, 3, 3)), levels, no_blend))
    rest = list(dpm_solver_pp_2m(curved, states[2], levels, no_blend))
    assert [state.level for state in rest] == [4, 5, 6]
    assert torch.equal(rest[-1].latents, states[-1].latents)


def test_after_the_last_step_the_background_is_exactly_the_photo() -> None:
    schedule, photo, noise = schedule_of(), random(2, 4, 6, 6), random(2, 4, 6, 6, seed=1)
    box_mask = torch.zeros(2, 1, 6, 6)
    box_mask[0, :, 1:4, 2:5] = box_mask[1, :, 3:, 3:] = 1
    levels = noise_levels(schedule, 4, "trailing")

    def blend(latents: Tensor, level: int) -> Tensor:
        return keep_outside_box(latents, photo, box_mask, noise, levels.timestep_at(level), schedule)

    *_, last = dpm_solver_pp_2m(curved, Sampled(noise), levels, blend)
    outside = (box_mask == 0).expand_as(photo)
    assert torch.equal(last.latents[outside], photo[outside])
    assert not torch.isclose(last.latents[~outside], photo[~outside]).any()


# --- the photo outside the box ---------------------------------------------------------------------------


def test_keep_outside_box_puts_the_photo_there_with_the_timestep_s_noise() -> None:
    schedule, latents, photo = schedule_of(), random(1, 4, 2, 2), random(1, 4, 2, 2, seed=1)
    noise, box_mask = random(1, 4, 2, 2, seed=2), torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]])
    kept = keep_outside_box(latents, photo, box_mask, noise, 400, schedule)
    alpha = float(schedule.alphas_cumprod[400])
    expected = alpha**0.5 * photo + (1 - alpha) ** 0.5 * noise
    assert torch.equal(kept[..., 0, 0], latents[..., 0, 0])
    torch.testing.assert_close(kept[..., 1, :], expected[..., 1, :], rtol=1e-5, atol=1e-5)


def test_keep_outside_box_refuses_a_mask_of_another_size() -> None:
    latents = random(1, 4, 4, 4)
    with pytest.raises(ValueError, match="box_mask"):
        keep_outside_box(latents, latents, torch.ones(1, 1, 2, 2), latents, 400, schedule_of())


# --- guidance --------------------------------------------------------------------------------------------


def test_guidance_by_hand() -> None:
    unconditional, conditional = torch.tensor([[[[1.0, 2.0]]]]), torch.tensor([[[[2.0, 0.0]]]])
    region = torch.ones(1, 1, 1, 2)
    assert guide(unconditional, conditional, 3.0, 0.0, region).tolist() == [[[[4.0, -4.0]]]]
    assert guide(unconditional, conditional, 1.0, 0.0, region).tolist() == conditional.tolist()


def test_rescaling_takes_the_contrast_back_inside_the_region() -> None:
    """Inside, ε̂ deviates thrice as much as ε_c: φ = 1 divides by 3, φ = ½ multiplies by (⅓ + 1) / 2."""
    unconditional = torch.zeros(1, 1, 1, 4)
    conditional = torch.tensor([[[[1.0, 3.0, 100.0, -100.0]]]])
    region = torch.tensor([[[[1.0, 1.0, 0.0, 0.0]]]])
    whole = guide(unconditional, conditional, 3.0, 1.0, region)
    torch.testing.assert_close(whole, conditional)
    half = guide(unconditional, conditional, 3.0, 0.5, region)
    torch.testing.assert_close(half, conditional * 2)


def test_rescaling_measures_every_crop_by_itself() -> None:
    unconditional, conditional = random(2, 4, 4, 4), random(2, 4, 4, 4, seed=1)
    unconditional[1] *= 50
    region = torch.ones(2, 1, 4, 4, dtype=torch.float64)
    both = guide(unconditional, conditional, 5.0, 0.7, region)
    alone = guide(unconditional[:1], conditional[:1], 5.0, 0.7, region[:1])
    torch.testing.assert_close(both[:1], alone)
