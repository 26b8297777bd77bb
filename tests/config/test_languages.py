"""The translations are complete, and the tool that keeps them so sees what is missing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Message

from config import languages
from config.languages import LANGUAGES, WINGS, Wing, as_python, doubts, po_file, problems, sentences, update

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("wing", WINGS, ids=lambda wing: wing.locale)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(wing: Wing, language: str) -> None:
    assert problems(wing, language) == []


@pytest.fixture
def small_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wing:
    """One wing with a Python file and a template."""
    monkeypatch.setattr(languages, "ROOT", tmp_path)
    for folder in ("room", "pages/other"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "room" / "words.py").write_text(
        'from django.utils.translation import gettext_lazy as _\nTITLE = _("A cup")\nALSO = ngettext("%(n)d cup", "%(n)d cups", 2)\n'
    )
    (tmp_path / "pages" / "page.html").write_text(
        "{% load i18n %}\n  {% if x %}\n{% translate \"A 'vase'\" %}{% endif %}\n"
        "   {% blocktranslate count n=n trimmed %}\n  one {{ n }}\n{% plural %}\n many {{ n }}\n{% endblocktranslate %}\n"
        '{% blocktranslate %}100% {{ n }}{% endblocktranslate %}{% translate "saved" context "did" %}'
    )
    (tmp_path / "pages" / "other" / "page.html").write_text('{% load i18n %}{% translate "Not mine" %}')
    return Wing("locale", ("room", "pages"), ("pages/other",))


def test_sentences_are_collected_from_code_and_templates(small_house: Wing) -> None:
    assert {(message.context, message.id) for message in sentences(small_house) if message.id} == {
        (None, "A cup"),
        (None, ("%(n)d cup", "%(n)d cups")),
        (None, "A 'vase'"),
        (None, ("one %(n)s", "many %(n)s")),
        (None, "100%% %(n)s"),
        ("did", "saved"),
    }


def test_a_sentence_without_a_translation_is_told(small_house: Wing) -> None:
    assert any("not collected: 'A cup'" in line for line in problems(small_house, "zh_Hans"))
    update(small_house, "zh_Hans")
    assert "locale/zh_Hans: not translated: 'A cup'" in problems(small_house, "zh_Hans")


def test_a_translation_survives_and_what_is_gone_goes(small_house: Wing) -> None:
    update(small_house, "zh_Hans")
    source = po_file(small_house, "zh_Hans")
    source.write_text(source.read_text().replace('msgid "A cup"\nmsgstr ""', 'msgid "A cup"\nmsgstr "一只杯子"'))
    assert any("older than the .po file" in line for line in problems(small_house, "zh_Hans"))
    (languages.ROOT / "pages" / "page.html").unlink()
    assert any("no longer used" in line for line in problems(small_house, "zh_Hans"))
    update(small_house, "zh_Hans")
    text = source.read_text()
    assert "一只杯子" in text
    assert "vase" not in text
    assert not any("A cup" in line or "older" in line for line in problems(small_house, "zh_Hans"))


def test_the_files_are_the_same_every_time(small_house: Wing) -> None:
    update(small_house, "zh_Hans")
    first = [path.read_bytes() for path in sorted((languages.ROOT / "locale").rglob("django.*"))]
    update(small_house, "zh_Hans")
    assert [path.read_bytes() for path in sorted((languages.ROOT / "locale").rglob("django.*"))] == first
    shutil.rmtree(languages.ROOT / "locale")


@pytest.mark.parametrize(
    ("sentence", "translation", "sound"),
    [
        ("%(n)s left", "还剩 %(n)s", True),
        ("%(n)s left", "还剩", False),
        ("%(n)s left", "还剩 %(m)s", False),
        (("one more", "%(n)s more"), ("另外 %(n)s 件",), True),
        ("95 % of all", "百分之九十五", True),
        ("Picture {n}", "图片", False),
        ("A cup", "", False),
    ],
)
def test_placeholders_must_agree(
    sentence: str | tuple[str, ...], translation: str | tuple[str, ...], *, sound: bool
) -> None:
    assert (list(doubts(Message(sentence, translation))) == []) is sound


def test_only_calls_are_read_of_a_template() -> None:
    read = as_python("<p>\n   {% load i18n %}\n     {% translate 'Cart' %}", name="x")
    assert "'Cart'" in read
    assert "<p>" not in read
