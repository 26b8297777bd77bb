"""What Django says in the shop's forms is said in the shop's own Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from shop.accounts.models import User

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = forms.IntegerField(min_value=1, max_value=9)
CHOICE = forms.ChoiceField(choices=[("cup", "Cup")])


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (lambda: NUMBER.clean(""), ["请填写此项。"]),
        (lambda: NUMBER.clean("many"), ["请输入整数。"]),
        (lambda: NUMBER.clean("0"), ["请输入不小于 1 的数。"]),
        (lambda: NUMBER.clean("10"), ["请输入不大于 9 的数。"]),
        (lambda: CHOICE.clean("mug"), ["“mug”不在可选的范围内，请重新选择。"]),
        (lambda: forms.EmailField().clean("nobody"), ["请输入有效的邮箱地址。"]),
        (lambda: forms.CharField(max_length=3).clean("four"), ["最多 3 个字符，现在有 4 个。"]),
        (lambda: validate_password("sesame"), ["密码太短，至少需要 10 个字符。", "这个密码太常见。"]),
        (lambda: validate_password("7390582164"), ["密码不能只用数字。"]),
        (lambda: validate_password("adaperson@", User(email="adaperson@a.de")), ["密码与“邮箱地址”太相似。"]),
    ],
)
def test_mistakes_are_told_in_chinese(check: Callable[[], object], words: list[str]) -> None:
    with override("zh-hans"), pytest.raises(ValidationError) as mistake:
        check()
    with override("zh-hans"):
        assert mistake.value.messages == words


def test_the_rules_of_passwords_are_told_in_chinese() -> None:
    with override("zh-hans"):
        assert password_validators_help_texts() == [
            "不要与你的其他个人信息太相似。",
            "至少 10 个字符。",
            "不要用常见的密码。",
            "不要只用数字。",
        ]
