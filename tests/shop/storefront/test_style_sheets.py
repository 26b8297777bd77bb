"""The style sheets keep to the system: colours come from the tokens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "static" / "css"
# Palettes of their own: drawn title cards, and the plots of the admin.
PALETTES = {"tokens.css", "title-card.css", "report.css"}
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lch)\((?!from)")


def named_colours(text: str) -> list[str]:
    return COLOUR.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("path", sorted(CSS.glob("*.css")), ids=lambda path: path.name)
def test_colours_come_from_the_tokens(path: Path) -> None:
    if path.name not in PALETTES:
        assert named_colours(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a { color: #b03f24; }", ["#b03f24"]),
        ("a { color: oklch(50% 0.1 20); }", ["oklch("]),
        ("a { color: color-mix(in oklch, var(--accent) 17%, transparent); }", []),
        ("/* #fff */ a { color: var(--ink); }", []),
    ],
)
def test_a_colour_of_its_own_is_found(text: str, found: list[str]) -> None:
    assert named_colours(text) == found


def test_every_token_that_is_used_is_there() -> None:
    # The sheet of the admin builds on Django's own tokens.
    sheets = [path.read_text(encoding="utf-8") for path in CSS.glob("*.css") if path.name != "report.css"]
    known = {name for sheet in sheets for name in re.findall(r"(--[\w-]+)\s*:", sheet)}
    used = {name for sheet in sheets for name in re.findall(r"var\((--[\w-]+)\)", sheet)}
    assert used - known == set()
