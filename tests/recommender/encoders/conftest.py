"""One tiny trained network for all tests that only look at it; training it takes seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recommender.encoders.image_network import ImageOptions, TrainedImageEncoder, train_image_encoder
from tests.recommender.encoders.shapes import SIZE, TAGS, shapes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

OPTIONS = ImageOptions(size=SIZE, dims=16, epochs=8, fewest_views=1_200, batch=32, patience=8)


@pytest.fixture(scope="session")
def pictures() -> npt.NDArray[np.uint8]:
    """Pictures that the network was not trained on."""
    return shapes(30, seed=9)[0]


@pytest.fixture(scope="session")
def trained() -> TrainedImageEncoder:
    """A network that tells the shapes apart."""
    return train_image_encoder(*shapes(150), tags=TAGS, options=OPTIONS)


@pytest.fixture(scope="session")
def exported(trained: TrainedImageEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with its files."""
    folder = tmp_path_factory.mktemp("encoder")
    trained.export(folder)
    return folder
