"""Worker processes give the same pictures as the process itself, in the same order."""

from __future__ import annotations

import pytest

from shop.demo.catalogue import blueprints
from shop.demo.easel import Sitting
from shop.demo.gallery import paint_all


@pytest.mark.django_db
def test_a_pool_paints_what_one_process_paints() -> None:
    plans = blueprints(items=3)
    sittings = [Sitting(plan.item_id, 0, plan.design, close_up=False) for plan in plans]
    alone = [painted.facts for painted in paint_all(sittings, workers=0)]
    together = [painted.facts for painted in paint_all(sittings, workers=2)]
    assert alone == together
    assert len({facts.checksum for facts in alone}) == 3
    assert alone[0].renditions == (160, 320, 640, 800)
