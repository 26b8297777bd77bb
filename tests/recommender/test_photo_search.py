"""Search by photo, as a page and over the API: what is found, what is refused with which status, nothing kept."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from recommender import photo_search, session
from recommender.bundle_files import BundleBroken
from recommender.photo_search import problem_words
from shop.actions.clicks import buffer
from shop.actions.models import Action
from shop.catalogue.models import Item
from shop.catalogue.picture_files import PictureLimits, PictureRefused, prepare_picture
from tests.factories import CartLineFactory, ItemFactory, ShopperFactory
from tests.pages import Page
from tests.query_budget import queries_of
from tests.recommender.photo_model import photo, serve_colours
from tests.recommender.tiny_bundle import TinyBundle

pytestmark = pytest.mark.django_db

PAGE, API = "/search/photo/", "/api/v1/search/photo"
COLOURS = {
    "crimson": "#dc143c",
    "tomato": "#ff6347",
    "navy": "#000080",
    "moss": "#8a9a5b",
    "rust": "#b7410e",
}
NEAREST_TO_RED = ["crimson", "rust", "tomato", "moss"]  # navy is at a right angle to it


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> dict[str, Item]:
    made = {name: ItemFactory.create(item_id=name, title=f"A {name} thing") for name in COLOURS}
    serve_colours(monkeypatch, COLOURS, trending=["navy"])
    return made


def upload(content: bytes | None = None, name: str = "mine.jpg") -> dict[str, Any]:
    return {"photo": SimpleUploadedFile(name, photo() if content is None else content, "image/jpeg")}


def found(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return list(Page(response).panels.get("photo", {}))


def found_over_api(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


# --- What is found ------------------------------------------------------------


def test_the_page_asks_for_a_photo(client: Client, colours: dict[str, Item]) -> None:
    response = client.get(PAGE)
    page = Page(response)
    html = " ".join(response.content.decode().split())
    assert 'enctype="multipart/form-data"' in html
    assert 'type="file" name="photo"' in html
    assert page.inline == []
    assert list(page.panels) == ["trending"]
    assert PAGE in Page(client.get("/")).links, "the way to it stands beside the search of every page"


def test_a_photo_finds_what_looks_like_it(client: Client, colours: dict[str, Item]) -> None:
    response = client.post(PAGE, upload())
    assert found(response) == NEAREST_TO_RED
    page = Page(response)
    assert list(page.panels["photo"].values()) == ["Closest to your photo", *["Next closest to your photo"] * 3]
    assert "/items/crimson/a-crimson-thing/?from=photo&at=0" in page.links
    assert "What comes closest" in page.text
    assert response["Cache-Control"] == "private, no-store"


def test_the_api_gives_scores_and_parts(client: Client, colours: dict[str, Item]) -> None:
    document = client.post(f"{API}?k=3", upload()).json()
    assert (document["panel"], document["bundle"]) == ("photo", "v1")
    assert [item["id"] for item in document["items"]] == NEAREST_TO_RED[:3]
    scores = [item["score"] for item in document["items"]]
    assert scores == sorted(set(scores), reverse=True)
    assert all(item["reason"]["parts"] == {"image": item["score"]} for item in document["items"])
    assert document["items"][0]["url"] == "/items/crimson/a-crimson-thing/"


def test_only_what_can_be_had_is_shown_and_more_is_asked_for(client: Client, colours: dict[str, Item]) -> None:
    Item.objects.filter(item_id="crimson").update(published=False)
    Item.objects.filter(item_id="rust").update(stock=0)
    CartLineFactory.create(shopper=ShopperFactory.create(), item=colours["tomato"])
    assert found_over_api(client.post(f"{API}?k=2", upload())) == ["tomato", "moss"]
    assert found(client.post(PAGE, upload())) == ["tomato", "moss"]


def test_when_much_is_gone_it_asks_again(
    client: Client, colours: dict[str, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_search, "SPARE", 0)
    Item.objects.filter(item_id__in=NEAREST_TO_RED[:2]).update(stock=0)
    assert found_over_api(client.post(f"{API}?k=1", upload())) == ["tomato"]
    Item.objects.update(stock=0)
    assert found_over_api(client.post(f"{API}?k=1", upload())) == []


def test_nothing_close_is_said_and_not_filled_up(client: Client, colours: dict[str, Item]) -> None:
    response = client.post(PAGE, upload(photo("black")))
    assert response.status_code == 200
    page = Page(response)
    assert "Nothing in the shop comes close" in page.text
    assert page.panels == {}


def test_the_cards_cost_one_query(client: Client, colours: dict[str, Item]) -> None:
    queries = queries_of(lambda: client.post(API, upload()))
    assert len([query for query in queries if "catalogue_item" in query]) == 1
    assert len(queries) == 1


def test_htmx_gets_the_results_alone(client: Client, colours: dict[str, Item]) -> None:
    response = client.post(PAGE, upload(), headers={"HX-Request": "true"})
    assert found(response) == NEAREST_TO_RED
    assert b"<html" not in response.content
    assert b"<form" not in response.content


def test_a_click_on_a_result_says_where_it_came_from(client: Client, colours: dict[str, Item]) -> None:
    link = next(link for link in Page(client.post(PAGE, upload())).links if "from=photo" in link)
    client.get(link)
    buffer.flush()
    action = Action.objects.get()
    assert (action.panel, action.position, action.bundle) == ("photo", 0, "v1")


# --- What is refused ----------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({}, 400, "Choose a photo first."),
        ({"photo": "words"}, 400, "Choose a photo first."),
        (upload(b""), 422, "the file is empty"),
        (upload(b"%PDF-1.7", "a.pdf"), 422, "files ending in .pdf are not taken as pictures"),
        (upload(b"no picture at all"), 422, "it is not a picture."),
        (upload(photo()[:200]), 422, "it is damaged or cut short."),
        (upload(photo(size=(1, 1), kind="PNG"), "dot.png"), 422, "1 × 1 pixels are too few"),
    ],
    ids=["nothing", "words", "empty", "pdf", "text", "cut", "dot"],
)
def test_what_is_no_photo_is_refused_with_its_reason(
    client: Client, colours: dict[str, Item], data: dict[str, Any], status: int, words: str
) -> None:
    for address in (PAGE, API):
        for file in data.values():
            if isinstance(file, SimpleUploadedFile):
                file.seek(0)
        response = client.post(address, data)
        assert response.status_code == status
        assert words in (response.json()["detail"] if address == API else Page(response).text)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (upload(b""), "文件是空的"),
        (upload(b"%PDF-1.7", "a.pdf"), "不接受以 .pdf 结尾的文件"),
        (upload(b"no picture at all"), "它不是图片"),
        (upload(photo()[:200]), "文件已损坏或不完整"),
        (upload(photo(size=(1, 1), kind="PNG"), "dot.png"), "1 × 1 像素太小，至少需要 16 像素宽和高"),
    ],
    ids=["empty", "pdf", "text", "cut", "dot"],
)
def test_a_photo_is_refused_in_the_language_of_the_page(
    client: Client, colours: dict[str, Item], file: dict[str, Any], words: str
) -> None:
    file["photo"].seek(0)
    response = client.post(PAGE, file, headers={"Accept-Language": "zh-CN"})
    assert f"这张照片无法使用：{words}。" in Page(response).text


@pytest.mark.parametrize("limits", [PictureLimits(9, 10**6), PictureLimits(10**6, 9)], ids=["bytes", "pixels"])
def test_every_problem_of_a_picture_is_translated(limits: PictureLimits) -> None:
    with pytest.raises(PictureRefused) as refused:
        prepare_picture(photo(), limits=limits)
    with translation.override("zh-hans"):
        words = problem_words(refused.value)
    assert words in {"文件大于 9 字节", "64 × 48 像素超过了上限 9"}


def test_a_large_file_is_refused(client: Client, colours: dict[str, Item], settings: Any) -> None:
    settings.PICTURE_MAX_BYTES = len(photo())
    assert client.post(API, upload()).status_code == 200
    settings.PICTURE_MAX_BYTES -= 1
    for address in (PAGE, API):
        assert client.post(address, upload()).status_code == 413
    response = client.post(PAGE, upload(), headers={"HX-Request": "true"})
    assert "This photo is too large" in Page(response).text


def test_an_absurd_body_is_refused_before_it_is_read(
    client: Client, colours: dict[str, Item], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PICTURE_MAX_BYTES = 100
    read: list[int] = []

    def parse(*_args: object) -> tuple[dict[str, str], dict[str, str]]:
        read.append(1)
        return {}, {}

    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", parse)
    for address in (PAGE, API):
        assert client.post(address, upload(photo(size=(400, 400)))).status_code == 413
    assert read == []
    settings.PICTURE_MAX_BYTES = 10_000  # negative control: a body of fair length is read
    client.post(API, upload())
    assert read == [1]


def test_the_api_takes_forms_only(client: Client, colours: dict[str, Item]) -> None:
    assert client.post(API, photo(), "image/jpeg").status_code == 415
    assert client.post(API, "{}", "application/json").status_code == 415
    assert client.get(API).status_code == 405
    assert client.post(f"{API}?k=0", upload()).status_code == 400


@pytest.mark.parametrize("body", [b"--", b"--x\r\nnonsense", b"\xff" * 100])
def test_a_torn_body_is_a_bad_request(client: Client, colours: dict[str, Item], body: bytes) -> None:
    assert client.post(API, body, "multipart/form-data; boundary=x").status_code == 400
    assert client.post(API, body, "multipart/form-data").status_code == 400


def test_problems_are_documents(client: Client, colours: dict[str, Item]) -> None:
    response = client.post(API)
    assert response["Content-Type"] == "application/problem+json"
    assert set(json.loads(response.content)) == {"type", "title", "status", "detail"}


def test_too_many_photos_from_one_address_have_to_wait(
    client: Client, colours: dict[str, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_search, "SEARCHES", 2)
    for _time in range(2):
        assert client.post(API, upload()).status_code == 200
    for address in (PAGE, API):
        response = client.post(address, upload())
        assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert client.post(API, upload(), REMOTE_ADDR="10.0.0.9").status_code == 200, "others need not"


def test_behind_a_proxy_everybody_counts_for_themselves(
    client: Client, colours: dict[str, Item], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(photo_search, "SEARCHES", 1)
    settings.TRUSTED_PROXIES = 1
    asked = [
        client.post(API, upload(), headers={"X-Forwarded-For": hops}).status_code
        for hops in ("203.0.113.7", "203.0.113.8", "203.0.113.9, 203.0.113.8")
    ]
    assert asked == [200, 200, 429]


def test_the_form_needs_the_token_of_our_own_page(colours: dict[str, Item]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(PAGE, upload()).status_code == 403
    strict.get(PAGE)
    token = strict.cookies["csrftoken"].value
    assert found(strict.post(PAGE, upload() | {"csrfmiddlewaretoken": token})) == NEAREST_TO_RED
    assert strict.post(API, upload()).status_code == 200, "over the API nothing is changed and nothing is given away"


# --- No model, or a broken one ------------------------------------------------


def test_without_a_picture_model_it_says_so(client: Client) -> None:
    ItemFactory.create(item_id="a")
    for version in ("none", "without-pictures"):
        if version != "none":
            TinyBundle(items=["a"]).publish(version)
            session.refresh()
        response = client.get(PAGE)
        assert response.status_code == 200
        assert "has not learned to look at photos yet" in Page(response).text
        assert b"multipart/form-data" not in response.content
        assert PAGE not in Page(client.get("/")).links
        assert client.post(PAGE, upload()).status_code == 503
        assert client.post(API, upload()).status_code == 503


@pytest.mark.parametrize("error", [BundleBroken("torn"), OSError("gone"), ValueError("odd")])
def test_a_broken_model_is_no_server_error(
    client: Client,
    colours: dict[str, Item],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(session.Session, "looks_like", fail)
    assert client.post(PAGE, upload()).status_code == 503
    assert "could not look at a photo" in caplog.text


# --- Nothing is kept ----------------------------------------------------------


def test_nothing_of_a_photo_is_kept(
    client: Client, colours: dict[str, Item], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(aside)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1  # so that every upload goes by way of a file
    made: list[str] = []
    original = tempfile.NamedTemporaryFile

    def noted(*args: Any, **options: Any) -> Any:
        made.append(str(options.get("dir")))
        return original(*args, **options)

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", noted)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for content in (photo(), b"no picture"):
        for address in (PAGE, API):
            client.post(address, upload(content))
    assert made == [str(aside)] * 4, "negative control: there were files while the requests lasted"
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not Action.objects.exists()
