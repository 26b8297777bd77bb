"""The owner's settings become a configuration."""

from __future__ import annotations

from typing import Any

from recommender.configuration import Configuration
from recommender.retraining.chosen import configuration_from_settings


def test_without_a_pretrained_network_the_defaults_hold(settings: Any) -> None:
    settings.IMAGE_DIMS = 7
    assert configuration_from_settings() == Configuration()


def test_a_pretrained_network_comes_with_its_weights_dims_and_size(settings: Any) -> None:
    settings.IMAGE_ENCODER, settings.IMAGE_WEIGHTS, settings.IMAGE_DIMS = "ResNet50", "none", 0
    content = configuration_from_settings().content
    assert (content.image_encoder, content.image_weights) == ("ResNet50", "none")
    assert (content.reduced_dims, content.picture_size) == (0, 224)
