"""``import_movielens``: three files with ``::`` in Latin-1."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shop.accounts.models import Shopper
from shop.actions.models import Action
from shop.catalogue.models import Item
from shop.importing.movielens import natural_title
from tests.shop.importing.conftest import archive, refusal, run

Write = Callable[..., Path]
MOVIES = "1::Matrix, The (1999)::Action|Sci-Fi\n2::Misérables, Les (1995)::Drama\n3::Nothing Known::\n"
USERS = "1::F::1::10::48067\n2::M::56::16::70072\n"
RATINGS = "1::1::5::978300760\n1::2::3::978302109\n2::1::4::978301968\n"


@pytest.fixture
def folder(write: Write, tmp_path: Path) -> Path:
    """The three files, two folders deep."""
    for name, content in (("movies.dat", MOVIES), ("users.dat", USERS), ("ratings.dat", RATINGS)):
        write(f"data/ml-1m/{name}", content, encoding="latin-1")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("written", "natural"),
    [
        ("Matrix, The (1999)", "The Matrix (1999)"),
        ("American President, The (1995)", "The American President (1995)"),
        ("Amour, L' (1990)", "L'Amour (1990)"),
        (
            "City of Lost Children, The (Cité des enfants perdus, La) (1995)",
            "The City of Lost Children (La Cité des enfants perdus) (1995)",
        ),
        ("Cry, the Beloved Country (1995)", "Cry, the Beloved Country (1995)"),
        ("Good, The Bad and The Ugly, The (1966)", "The Good, The Bad and The Ugly (1966)"),
        ("To Have, or Not (1995)", "To Have, or Not (1995)"),
        ("Toy Story (1995)", "Toy Story (1995)"),
    ],
)
def test_titles_read_as_people_say_them(written: str, natural: str) -> None:
    assert natural_title(written) == natural


@pytest.mark.django_db
def test_films_users_and_ratings_arrive(folder: Path) -> None:
    run("import_movielens", folder)
    assert list(
        Item.objects.values_list("item_id", "title", "description", "tag", "tags", "category__path", "price")
    ) == [
        ("1", "The Matrix (1999)", "A film from 1999: action, sci-fi.", "Action", ["Action", "Sci-Fi"], "action", None),
        ("2", "Les Misérables (1995)", "A film from 1995: drama.", "Drama", ["Drama"], "drama", None),
        ("3", "Nothing Known", "A film.", "", [], None, None),
    ]
    assert list(Shopper.objects.values_list("user_id", "gender", "age", "occupation")) == [
        ("1", "F", 1, "school student"),
        ("2", "M", 56, "self-employed"),
    ]
    assert list(Action.objects.values_list("shopper__user_id", "item__item_id", "kind", "value")) == [
        ("1", "1", 1, 5.0),
        ("1", "2", 0, 3.0),
        ("2", "1", 1, 4.0),
    ]


@pytest.mark.django_db
def test_a_zip_holds_the_same_as_the_folder(folder: Path, tmp_path: Path) -> None:
    files = {f"ml-1m/{path.name}": path.read_bytes() for path in folder.rglob("*.dat")}
    run("import_movielens", folder)
    message = refusal("import_movielens", archive(tmp_path / "ml.zip", files))
    assert message.startswith("ratings.dat was imported already")


@pytest.mark.django_db
def test_bad_rows_stop_it(folder: Path, write: Write) -> None:
    write("data/ml-1m/ratings.dat", "1::9::5::978300760\n1::1::five::1\n1::1\n", encoding="latin-1")
    write("data/ml-1m/users.dat", "1::F::1::99::48067\n1::F::1::9::48067\n1::F::1::9::48067\n", encoding="latin-1")
    message = refusal("import_movielens", folder)
    for problem in (
        "ratings.dat, line 1, column MovieID, value '9': there is no item with this id",
        "ratings.dat, line 2, value '1::1::five::1': it is not a number",
        "ratings.dat, line 3, value '1::1': it has 2 cells, not 4",
        "users.dat, line 1, value '1::F::1::99::48067': there is no occupation '99'",
        "users.dat, line 3, value '1::F::1::9::48067': this id stands in an earlier row already",
    ):
        assert problem in message
    assert Item.objects.count() == 0


def test_missing_files_are_named(write: Write, tmp_path: Path) -> None:
    write("some/movies.dat", MOVIES)
    assert refusal("import_movielens", tmp_path / "some").startswith("some has no users.dat, ratings.dat;")
    assert "is not there" in refusal("import_movielens", tmp_path / "gone.zip")
    assert "neither a folder nor a readable ZIP" in refusal("import_movielens", write("text.zip", "no"))
