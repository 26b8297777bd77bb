"""The manifest, the icons, the worker that keeps pages, and the page without a connection."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image

from shop.storefront import icons, installing
from tests.pages import Page

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

pytestmark = pytest.mark.django_db


def worker_settings(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text.partition("const SETTINGS = ")[2].partition(";\n")[0])
    return found


def test_the_manifest_is_served_as_one(client: Client) -> None:
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = response.json()
    assert (manifest["name"], manifest["start_url"], manifest["display"]) == ("Vitrine", "/", "standalone")
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    ]


def test_every_icon_is_there_in_its_size(client: Client) -> None:
    for entry in client.get("/manifest.webmanifest").json()["icons"]:
        path = finders.find(entry["src"].removeprefix(settings.STATIC_URL))
        assert isinstance(path, str)
        with Image.open(path) as icon:
            assert (icon.format, "{}x{}".format(*icon.size)) == ("PNG", entry["sizes"])


def test_the_icons_are_those_the_script_draws() -> None:
    for name, picture in icons.icons().items():
        drawn = io.BytesIO()
        picture.quantize(32).save(drawn, "PNG", optimize=True)
        with Image.open(drawn) as fresh, Image.open(icons.FOLDER / name) as kept:
            assert fresh.convert("RGB").tobytes() == kept.convert("RGB").tobytes()


def test_a_mask_cuts_nothing_off() -> None:
    picture = icons.icons()["icon-512-maskable.png"]
    safe = 512 * 0.4
    marked = [
        (x, y)
        for x in range(0, 512, 4)
        for y in range(0, 512, 4)
        if picture.getpixel((x, y)) != icons.GROUND and ((x - 256) ** 2 + (y - 256) ** 2) ** 0.5 > safe
    ]
    assert marked == []


def test_the_manifest_speaks_the_language_of_the_visitor(client: Client) -> None:
    assert client.get("/manifest.webmanifest", headers={"Accept-Language": "zh-CN"}).json()["lang"] == "zh-hans"


def test_the_worker_is_served_from_the_root_and_never_kept(client: Client) -> None:
    response = client.get("/service-worker.js")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    told = worker_settings(response.content.decode())
    assert told["kept"] == "/items/"
    assert "/offline/" in told["files"]
    assert all(name == "/offline/" or finders.find(name.removeprefix(settings.STATIC_URL)) for name in told["files"])


def test_a_new_release_brings_a_new_worker(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def version() -> str:
        return str(worker_settings(client.get("/service-worker.js").content.decode())["version"])

    first = version()
    assert version() == first
    monkeypatch.setattr(installing, "KEPT_FILES", (*installing.KEPT_FILES, "css/forms.css"))
    second = version()
    changed = tmp_path / "service_worker.js"
    changed.write_text("self.addEventListener('fetch', () => {});")
    monkeypatch.setattr(installing, "WORKER", changed)
    assert len({first, second, version()}) == 3


def test_the_page_without_a_connection_says_nothing_of_the_visitor(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        page = Page(client.get("/offline/"))
    assert "No connection to the shop" in page.text
    assert page.inline == []


def test_pages_are_kept_only_while_the_shop_is_open(client: Client, settings: Any) -> None:
    assert 'data-worker="/service-worker.js"' in client.get("/about/").content.decode()
    settings.DEBUG = True
    assert "data-worker" not in client.get("/about/").content.decode()
