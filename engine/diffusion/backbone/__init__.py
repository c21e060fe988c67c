"""Backbones: latent diffusion models in diffusers layout, by name, folder or hub id."""

from engine.diffusion.backbone.adapted import save_adapted
from engine.diffusion.backbone.backbone import Backbone, Posterior
from engine.diffusion.backbone.loading import load_backbone
from engine.diffusion.backbone.manifest import Manifest
from engine.diffusion.backbone.schedule import Schedule

__all__ = ["Backbone", "Manifest", "Posterior", "Schedule", "load_backbone", "save_adapted"]
