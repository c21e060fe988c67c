"""The networks of the embedded backbone, with their first weights: autoencoder, text encoder, U-Net, schedule."""

import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel, PreTrainedTokenizerFast

from engine.diffusion.pretraining.rendering import CROP
from engine.diffusion.pretraining.tokenizer import CONTEXT_LENGTH

LATENT_CHANNELS, DOWNSCALE = 4, 4
_AUTOENCODER_WIDTHS = (16, 32, 64)
_UNET_WIDTHS = (64, 128, 192)
_TEXT_WIDTH, _TEXT_LAYERS, _HEADS = 192, 2, 4
_WORD_SPREAD = 0.5

_RGB, _CARRIED = 3, 8  # channels 0-2 carry +RGB, 3-5 −RGB, 6 and 7 ±_AMPLITUDE
_AMPLITUDE = 4.0
_NEARLY_ZERO = 1e-3
_FIRST_LOG_VARIANCE = -7.0


def build_unet() -> UNet2DConditionModel:
    """The 9-channel U-Net: z_t, the box, the latents of the photo with the box blanked → v, (B, 4, h, w).

    The caption reaches every residual block, pooled and added to the timestep's embedding, and not the attention alone:
    so small a network learns to listen nearly twice as fast.
    """
    return UNet2DConditionModel(
        sample_size=CROP // DOWNSCALE,
        in_channels=2 * LATENT_CHANNELS + 1,
        out_channels=LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=_UNET_WIDTHS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=_TEXT_WIDTH,
        attention_head_dim=_HEADS,
        norm_num_groups=16,
        resnet_time_scale_shift="scale_shift",
        addition_embed_type="text",
        addition_embed_type_num_heads=_HEADS,
    )


def build_text_encoder(tokenizer: PreTrainedTokenizerFast) -> CLIPTextModel:
    """A small CLIP text encoder, (B, L) ids → (B, L, 192).

    Its words start far apart. From CLIP's own start, where they differ less than what the layers add, all captions
    soon meant nearly the same, and stayed so.
    """
    encoder = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=_TEXT_WIDTH,
            intermediate_size=3 * _TEXT_WIDTH,
            num_hidden_layers=_TEXT_LAYERS,
            num_attention_heads=_HEADS,
            max_position_embeddings=CONTEXT_LENGTH,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            projection_dim=_TEXT_WIDTH,
        )
    )
    nn.init.normal_(encoder.get_input_embeddings().weight, std=_WORD_SPREAD)
    return encoder


def build_scheduler() -> DDPMScheduler:
    """Stable Diffusion's schedule, stretched to end in pure noise (Lin et al. 2024), v-prediction."""
    return DDPMScheduler(
        num_train_timesteps=1000,
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
    )


def build_autoencoder() -> AutoencoderKL:
    """A small autoencoder, f4, that starts out as shrink by averaging → latents → enlarge by interpolation."""
    network = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=_AUTOENCODER_WIDTHS,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=1,
        mid_block_add_attention=False,
        sample_size=CROP,
        scaling_factor=1.0,
    )
    _carry_the_picture(network)
    return network


@torch.no_grad()
def _carry_the_picture(network: AutoencoderKL) -> None:
    """Set the first weights such that the picture passes through the first eight channels of every layer.

    SiLU(a) − SiLU(−a) = a: a picture and its negative survive the nonlinearity before the last convolution exactly.
    The two constant channels give GroupNorm a known spread, or it would take the picture's contrast away.
    The other channels keep their random weights, and what they add starts out small. Started at random instead,
    the autoencoder takes hours to where this one begins.
    """
    encoder, decoder = network.encoder, network.decoder
    for half in (encoder, decoder):
        _split_signs(half.conv_in)
        _join_signs(half.conv_norm_out, half.conv_out)
        for block in [m for m in half.modules() if type(m).__name__ == "ResnetBlock2D"]:
            _pass_by(block)
    average = torch.zeros(3, 3)
    average[:2, :2] = 0.25  # the layer pads right and below
    for layer in [m for m in encoder.modules() if type(m).__name__ == "Downsample2D"]:
        _keep_carried(layer.conv, average)
    ramp = torch.tensor([0.25, 0.5, 0.25])
    for layer in [m for m in decoder.modules() if type(m).__name__ == "Upsample2D"]:
        _keep_carried(layer.conv, ramp[:, None] * ramp)
    _start_posterior(network.quant_conv)
    _set_identity(network.post_quant_conv)


def _split_signs(conv: nn.Conv2d) -> None:
    """RGB → (+RGB, −RGB, +c, −c) in the first eight channels."""
    bias = _bias(conv)
    conv.weight[:_CARRIED] = 0
    bias[:_CARRIED] = 0
    for channel in range(_RGB):
        conv.weight[channel, channel, 1, 1] = 1
        conv.weight[_RGB + channel, channel, 1, 1] = -1
    bias[2 * _RGB], bias[2 * _RGB + 1] = _AMPLITUDE, -_AMPLITUDE


def _join_signs(norm: nn.GroupNorm, conv: nn.Conv2d) -> None:
    """(+RGB, −RGB) → RGB behind GroupNorm and SiLU, in the first three channels."""
    spread = _AMPLITUDE * (2 / norm.num_channels) ** 0.5
    norm.weight[:_CARRIED] = spread
    norm.bias[:_CARRIED] = 0
    conv.weight[:_RGB] = 0
    _bias(conv)[:_RGB] = 0
    for channel in range(_RGB):
        conv.weight[channel, channel, 1, 1] = 1
        conv.weight[channel, _RGB + channel, 1, 1] = -1


def _pass_by(block: nn.Module) -> None:
    """A residual block that adds next to nothing."""
    nn.init.normal_(block.conv2.weight, std=_NEARLY_ZERO)  # type: ignore[union-attr, arg-type]
    nn.init.zeros_(block.conv2.bias)  # type: ignore[union-attr, arg-type]
    if block.conv_shortcut is not None:
        _keep_carried(block.conv_shortcut, torch.ones(1, 1))  # type: ignore[arg-type]


def _keep_carried(conv: nn.Conv2d, kernel: Tensor) -> None:
    """The first eight channels go through `kernel`, each for itself."""
    conv.weight[:_CARRIED] = 0
    conv.weight[_CARRIED:] *= 0.7
    _bias(conv)[:_CARRIED] = 0
    for channel in range(_CARRIED):
        conv.weight[channel, channel] = kernel


def _start_posterior(conv: nn.Conv2d) -> None:
    """Means as they come, and a small spread that hardly depends on anything."""
    bias = _bias(conv)
    conv.weight[LATENT_CHANNELS:] *= 0.05
    conv.weight[:LATENT_CHANNELS] = 0
    bias[:LATENT_CHANNELS] = 0
    bias[LATENT_CHANNELS:] = _FIRST_LOG_VARIANCE
    for channel in range(LATENT_CHANNELS):
        conv.weight[channel, channel] = 1


def _set_identity(conv: nn.Conv2d) -> None:
    conv.weight.zero_()
    _bias(conv).zero_()
    for channel in range(LATENT_CHANNELS):
        conv.weight[channel, channel] = 1


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias
