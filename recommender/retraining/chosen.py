"""The configuration that the owner's settings ask for. Training only."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings

from recommender.configuration import Configuration
from recommender.encoders.backbones import OWN, check_choice, picture_size


def configuration_from_settings() -> Configuration:
    """The defaults, with the picture encoder that ``IMAGE_ENCODER``, ``IMAGE_WEIGHTS`` and ``IMAGE_DIMS`` name.

    Raises:
        BackboneUnusable: there is no such network, or no such file.
    """
    configuration = Configuration()
    if settings.IMAGE_ENCODER == OWN:
        return configuration
    check_choice(settings.IMAGE_ENCODER, settings.IMAGE_WEIGHTS)
    content = replace(
        configuration.content,
        image_encoder=settings.IMAGE_ENCODER,
        image_weights=settings.IMAGE_WEIGHTS,
        reduced_dims=settings.IMAGE_DIMS,
        picture_size=picture_size(settings.IMAGE_ENCODER),
    )
    return replace(configuration, content=content)
