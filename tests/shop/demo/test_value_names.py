"""Every value of the painted catalogue has a Chinese name."""

from __future__ import annotations

import re

from shop.demo.words.value_names import chinese_value_names

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_value_has_a_chinese_name() -> None:
    names = chinese_value_names()
    assert names["glazed ceramic"] == "釉面陶瓷"
    assert names["Material"] == "材质"
    assert names["signal yellow"] == "明黄色"
    assert [value for value, name in names.items() if not CHINESE.search(name)] == []
