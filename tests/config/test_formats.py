"""How dates and times are written in each language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template.defaultfilters import date
from django.utils import translation

MOMENT = datetime(2026, 9, 2, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "format_name", "expected"),
    [
        ("en", "DATE_FORMAT", "2 September 2026"),
        ("en", "DATETIME_FORMAT", "2 September 2026, 17:05"),
        ("en", "SHORT_DATE_FORMAT", "02/09/2026"),
        ("zh-hans", "DATE_FORMAT", "2026年9月2日"),
        ("zh-hans", "DATETIME_FORMAT", "2026年9月2日 17:05"),
    ],
)
def test_dates_are_written_as_the_words_around_them(language: str, format_name: str, expected: str) -> None:
    with translation.override(language):
        assert date(MOMENT, format_name) == expected
