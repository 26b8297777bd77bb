"""The owner's word beside the network's."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.encoders.known_tags import with_known_tags


def test_half_of_the_certainty_goes_to_the_known_tag() -> None:
    # An embedding of two numbers, then the roots of certainties .75 and .25, which count .4.
    row = np.sqrt(np.array([[0.6, 0.0, 0.75 * 0.4, 0.25 * 0.4]], dtype=np.float32))

    mixed = with_known_tags(np.repeat(row, 3, axis=0), np.array([1, -1, 0], dtype=np.int32), dims=2, share=0.4)

    np.testing.assert_allclose(mixed[0] ** 2, [0.6, 0, 0.375 * 0.4, 0.625 * 0.4], atol=1e-6)
    np.testing.assert_array_equal(mixed[1], row[0])
    np.testing.assert_allclose(mixed[2] ** 2, [0.6, 0, 0.875 * 0.4, 0.125 * 0.4], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize(("known", "share"), [(-1, 0.4), (0, 0.0)])
def test_without_anything_known_or_no_share_nothing_changes(known: int, share: float) -> None:
    rows = np.eye(3, dtype=np.float32)

    assert with_known_tags(rows, np.full(3, known, dtype=np.int32), dims=2, share=share) is rows


def test_an_empty_row_of_certainties_does_not_divide_by_zero() -> None:
    mixed = with_known_tags(np.eye(3, dtype=np.float32)[:1], np.zeros(1, dtype=np.int32), dims=2, share=0.5)

    assert np.isfinite(mixed).all()
