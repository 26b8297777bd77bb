"""No journey looks at a page in passing: what it shows is waited for."""

from __future__ import annotations

import ast
from pathlib import Path

# They answer at once, while the page that a click asked for may still be on its way; expect() waits.
AT_ONCE = frozenset(("is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable"))


def looks_in_passing(source: str) -> list[int]:
    """The lines that assert what a page shows at that very moment."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
        and any(isinstance(part, ast.Attribute) and part.attr in AT_ONCE for part in ast.walk(node.test))
    ]


def test_every_journey_waits_for_what_it_expects() -> None:
    files = sorted(Path(__file__).parent.glob("*.py"))
    assert {path.name: lines for path in files if (lines := looks_in_passing(path.read_text(encoding="utf-8")))} == {}


def test_a_look_in_passing_is_found() -> None:
    assert looks_in_passing("button.click()\nassert not page.locator('h1').is_visible()\nexpect(page)") == [2]
