"""From what was typed to the items, and in which order."""

from __future__ import annotations

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.catalogue.models import Item
from shop.search.finding import Way, find
from shop.search.suggestions import suggest
from tests.factories import CategoryFactory, ItemFactory

pytestmark = pytest.mark.django_db

HOSTILE = (
    '"',
    "'",
    "*",
    "(",
    ")))",
    "^mug",
    "title:mug",
    "{title kind} : mug",
    'mug" OR 1=1 --',
    "mug NEAR/3 vase",
    "-mug",
    "+mug",
    "mug AND",
    "AND OR NOT",
    "\\",
    "%s %d {item}",
    "mug\x00vase",
    "\ud800",
    "🫖🫖",
    "a" * 10_000,
    "蓝" * 300,
    "' & | ! <-> :*",
    "the and of",
    "\u202emug",
    "e\u0301",
    "ﬁ",
    "½",
)


def ids(typed: str) -> list[str]:
    return [item.item_id for item in find(typed).items.order_by(F("relevance").asc(), "-id")]


def test_all_words_must_be_there_in_any_order() -> None:
    for item_id, title in (("both", "Mug in blue"), ("mug", "Mug in clay"), ("blue", "Rug in blue")):
        ItemFactory.create(item_id=item_id, title=title)
    assert ids("blue mug") == ["both"]
    assert ids("mug blue") == ["both"]


@pytest.mark.parametrize("typed", ["mugs", "mug", "Mug's", "mu"])
def test_forms_and_beginnings_of_words_are_found(typed: str) -> None:
    ItemFactory.create(item_id="1", title="Two mugs")
    ItemFactory.create(item_id="2", title="Vase")
    assert ids(typed) == ["1"]


def test_only_the_last_word_may_be_a_beginning() -> None:
    ItemFactory.create(item_id="1", title="Striped mug")
    assert ids("stripes mu") == ["1"]  # another form of the word is none of its beginnings
    assert find("stri mug").way is Way.SOME_WORDS


@pytest.mark.parametrize("typed", ["t-shirt", "tshirt", "T shirt", "tshirts"])
def test_words_with_a_joint_are_found_however_written(typed: str) -> None:
    ItemFactory.create(item_id="1", title="Dotted T-shirt")
    assert ids(typed) == ["1"]


@pytest.mark.parametrize("typed", ["蓝色", "茶壶", "蓝", "天蓝色茶壶", "茶壶 蓝色", "蓝色 teapot", "ＴＥＡＰＯＴ"])
def test_chinese_is_found(typed: str) -> None:
    words = {"zh-hans": {"title": "天蓝色茶壶", "description": "手工制作"}}
    ItemFactory.create(item_id="1", title="Teapot", translations=words)
    ItemFactory.create(item_id="2", title="Rug", translations={"zh-hans": {"title": "色蓝地毯", "description": ""}})
    assert "1" in ids(typed)
    if typed != "蓝":
        assert ids(typed) == ["1"]


def test_chinese_words_that_stand_apart_are_found_after_those_that_do_not() -> None:
    for item_id, title in (("apart", "茶壶，蓝色的"), ("whole", "蓝色茶壶"), ("other", "蓝色地毯")):
        ItemFactory.create(item_id=item_id, title=title)
    assert ids("蓝色茶壶") == ["whole", "apart"]


def test_a_name_says_more_than_a_kind_and_that_more_than_a_description() -> None:
    ItemFactory.create(item_id="words", title="Poptorp", description="Beside a lamp, a plain thing.")
    ItemFactory.create(item_id="kind", title="Lunvik", tag="lamp", description="A plain thing, well made indeed.")
    ItemFactory.create(item_id="title", title="Lamp", description="A plain thing, well made indeed, by hand.")
    assert ids("lamp") == ["title", "kind", "words"]


def test_the_phrase_as_typed_comes_first() -> None:
    ItemFactory.create(item_id="apart", title="Blue rug, blue mug lamp", description="Blue. Lamp. Blue lamp-like.")
    ItemFactory.create(item_id="elsewhere", title="Poptorp", description="Goes with every mug lamp there is.")
    ItemFactory.create(item_id="neither", title="Lamp for a mug", tag="mug")
    assert ids("mug lamp") == ["apart", "elsewhere", "neither"]


def test_equals_stand_in_the_same_order_every_time() -> None:
    for number in range(5):
        ItemFactory.create(item_id=str(number), title="Mug")
    assert ids("mug") == ["4", "3", "2", "1", "0"]


def test_only_what_is_listed_is_found() -> None:
    head = ItemFactory.create(item_id="head", title="Mug")
    ItemFactory.create(item_id="variant", title="Mug large", variant_of=head, variant_name="Large")
    ItemFactory.create(item_id="hidden", title="Mug", published=False)
    assert ids("mug") == ["head"]
    assert ids("large") == ["head"]


def test_a_slip_is_corrected_where_nothing_is_found() -> None:
    ItemFactory.create(item_id="1", title="Blue teapot")
    finding = find("blue teapto")
    assert (finding.way, finding.used.text, finding.typed.text) == (Way.CORRECTED, "blue teapot", "blue teapto")
    assert [item.item_id for item in finding.items] == ["1"]


def test_a_corrected_phrase_has_a_second_best() -> None:
    ItemFactory.create(item_id="1", title="Blue vase")
    ItemFactory.create(item_id="2", title="Clay teapot")
    finding = find("blue teapto")
    assert (finding.way, finding.items.count()) == (Way.CORRECTED, 0)
    assert finding.otherwise
    assert {item.item_id for item in finding.otherwise.items} == {"1", "2"}


def test_words_are_taken_as_typed_where_that_is_asked_for() -> None:
    ItemFactory.create(title="Blue teapot")
    finding = find("blue teapto", as_typed=True)
    assert (finding.way, finding.items.count()) == (Way.EXACT, 0)


def test_a_rare_spelling_is_kept_and_the_common_one_offered() -> None:
    ItemFactory.create(item_id="rare", title="Teapto")
    for _number in range(10):
        ItemFactory.create(title="Teapot")
    finding = find("teapto")
    assert ids("teapto") == ["rare"]
    assert (finding.way, finding.perhaps and finding.perhaps.text) == (Way.EXACT, "teapot")
    assert find("teapot").perhaps is None


def test_a_rare_word_is_not_doubted_for_one_hardly_more_common() -> None:
    ItemFactory.create(title="Teapto")
    ItemFactory.create(title="Teapot")
    assert find("teapto").perhaps is None


def test_known_words_are_never_corrected() -> None:
    ItemFactory.create(item_id="1", title="Vase")
    ItemFactory.create(item_id="2", title="Vast rug")
    finding = find("vases vast")
    assert (finding.way, finding.used.text) == (Way.SOME_WORDS, "vases vast")
    assert set(ids("vases vast")) == {"1", "2"}


def test_chinese_is_never_corrected() -> None:
    ItemFactory.create(item_id="1", title="天蓝色茶壶")
    assert (find("天蓝色花壶").way, ids("天蓝色花壶")) == (Way.SOME_WORDS, ["1"])
    assert (find("猫猫").way, ids("猫猫")) == (Way.EXACT, [])


def test_items_with_some_of_the_words_are_better_than_nothing() -> None:
    ItemFactory.create(item_id="both", title="Blue mug")
    ItemFactory.create(item_id="one", title="Clay mug")
    ItemFactory.create(item_id="none", title="Vase")
    finding = find("blue mug xyzzyx")
    assert (finding.way, ids("blue mug xyzzyx")) == (Way.SOME_WORDS, ["both", "one"])


def test_stop_words_are_words() -> None:
    ItemFactory.create(item_id="1", title="The Who")
    ItemFactory.create(item_id="2", title="Vase", description="Thrown by hand.")
    assert ids("the who") == ["1"]


@pytest.mark.parametrize("typed", ["", "  ", "🫖", "***", "\x00"])
def test_nothing_finds_nothing(typed: str) -> None:
    assert ids(typed) == []


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_is_an_error(typed: str) -> None:
    ItemFactory.create(title="Mug")
    list(find(typed).items)
    suggest(typed)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_nothing_at_all_is_an_error(typed: str) -> None:
    list(find(typed).items)
    suggest(typed)


def test_a_name_is_found_by_what_it_holds() -> None:
    ItemFactory.create(item_id="1", title="AND or NOT near (42)")
    assert ids("AND or NOT near (42)") == ["1"]


def test_relevance_goes_with_filters_and_counts() -> None:
    mugs = CategoryFactory.create(name="Mugs")
    ItemFactory.create(item_id="in", title="Blue mug", category=mugs)
    ItemFactory.create(item_id="out", title="Blue vase")
    items = find("blue").items.filter(category=mugs)
    assert items.count() == 1
    assert items.exists()
    assert items.order_by(F("relevance").asc()).first() == Item.objects.get(item_id="in")
    assert Item.objects.filter(pk__in=items.values("pk")).count() == 1
    assert list(items.order_by().values_list("category", flat=True).distinct()) == [mugs.pk]
