"""The arrows of the house: who may import whom, and what a web worker must never load."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("tensorflow", "keras", "pandas", "sklearn", "scipy")
MATHS = ("encoders", "learners", "index", "evaluation")
SHOP_ROOMS = ("mail", "catalogue", "accounts", "actions", "search", "cart", "orders", "reviews", "privacy")


def imported_names(source: str) -> Iterator[str]:
    """Every module that a source text imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def wrong_imports(folder: Path, forbidden: tuple[str, ...]) -> list[str]:
    """``file: module`` for each import of a forbidden package below ``folder``."""
    return [
        f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in imported_names(path.read_text(encoding="utf-8"))
        if any(name == package or name.startswith(f"{package}.") for package in forbidden)
    ]


def test_the_shop_does_not_know_the_recommender() -> None:
    assert wrong_imports(ROOT / "shop", ("recommender", "config")) == []


def test_the_recommender_does_not_know_the_configuration() -> None:
    assert wrong_imports(ROOT / "recommender", ("config",)) == []


@pytest.mark.parametrize("room", MATHS)
def test_the_maths_knows_no_django(room: str) -> None:
    assert wrong_imports(ROOT / "recommender" / room, ("django", "shop", "recommender.models")) == []


@pytest.mark.parametrize("room", SHOP_ROOMS)
def test_rooms_of_the_shop_build_on_those_before(room: str) -> None:
    later = (*SHOP_ROOMS[SHOP_ROOMS.index(room) + 1 :], "importing", "demo", "storefront")
    assert wrong_imports(ROOT / "shop" / room, tuple(f"shop.{other}" for other in later)) == []


def test_a_wrong_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "guilty.py").write_text("def f():\n    from recommender.session import get_session\n")
    assert wrong_imports(tmp_path, ("recommender",)) == ["guilty.py: recommender.session"]


def heavy_modules_after(statement: str) -> list[str]:
    """Which heavy packages a fresh process holds after running ``statement``."""
    code = (
        f"import sys, json\n{statement}\n"
        f"print(json.dumps(sorted({{n.split('.')[0] for n in sys.modules}} & set({HEAVY!r}))))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": "sqlite:///:memory:"},
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(result.stdout.strip().splitlines()[-1]))


def test_a_web_worker_loads_no_training_library() -> None:
    statement = (
        "from config.wsgi import application\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "from django.contrib import admin; admin.autodiscover()\n"
        "import recommender.session, recommender.panels, recommender.templatetags.recommender\n"
        "import recommender.encoders.image_serving, recommender.encoders.text_transform"
    )
    assert heavy_modules_after(statement) == []


def test_a_loaded_training_library_is_noticed() -> None:
    assert heavy_modules_after("import scipy") == ["scipy"]
