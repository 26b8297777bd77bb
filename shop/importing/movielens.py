"""Reads MovieLens in its original form: ``users.dat movies.dat ratings.dat``, ``::`` between cells, Latin-1.

Films become items without a price, genres their tags and the first one their
category; a rating of four or five stars becomes a favourite, a lower one a
click, and the stars stay with the action as its value.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, TypeVar

from shop.catalogue.titles import dated_title
from shop.importing import values
from shop.importing.action_rows import ActionRow
from shop.importing.errors import BadRows, BadValue, ImportRefused
from shop.importing.film_facts import film_description
from shop.importing.item_rows import ItemRow
from shop.importing.journey import ActionSource, ImportRequest, ItemSource, UserSource
from shop.importing.user_rows import UserRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Row = TypeVar("Row")

FILES = ("movies.dat", "users.dat", "ratings.dat")
ENCODING = "latin-1"
SEPARATOR = "::"
LIKED_FROM = 4.0
FAVOURITE, CLICK = 1, 0
ARTICLE_LAST = re.compile(
    r"(?P<start>^|\()(?P<name>[^()]+), (?P<article>The|An?|L[aeo']|Les|Los|Las|Il|Gli|El|D[aei][sre]|Det|Den|Ein|Une?|Os?)"
    r"(?=\)| \(|$)"
)
# What the numbers in users.dat stand for, as the data's own README lists them.
OCCUPATIONS = (
    "other",
    "academic or educator",
    "artist",
    "clerical or administrative",
    "college or graduate student",
    "customer service",
    "doctor or health care",
    "executive or managerial",
    "farmer",
    "homemaker",
    "school student",
    "lawyer",
    "programmer",
    "retired",
    "sales or marketing",
    "scientist",
    "self-employed",
    "technician or engineer",
    "tradesman or craftsman",
    "unemployed",
    "writer",
)


def movielens_request(path: Path, *, again: bool = False, dry_run: bool = False) -> ImportRequest:
    """An import of the three files in a folder or a ZIP, wherever inside they lie.

    Raises:
        ImportRefused: One of them is missing or the ZIP can't be read.
    """
    places = _find(path)
    movies, users, ratings = (_Data(path, places[name], name) for name in FILES)
    return ImportRequest(
        items=ItemSource(movies.name, partial(_rows, movies, 3, _film)),
        users=UserSource(users.name, partial(_rows, users, 5, _user)),
        actions=ActionSource(
            name=ratings.name,
            rows=partial(_rows, ratings, 4, _rating),
            item_column="MovieID",
            checksum=ratings.checksum(),
        ),
        again=again,
        dry_run=dry_run,
    )


def natural_title(title: str) -> str:
    """``Matrix, The (1999)`` as people say it: ``The Matrix (1999)``; other names in brackets too."""

    def put_first(match: re.Match[str]) -> str:
        gap = "" if match["article"].endswith("'") else " "
        return f"{match['start']}{match['article']}{gap}{match['name']}"

    return ARTICLE_LAST.sub(put_first, title)


class _Data:
    """One of the three files, in a folder or a ZIP."""

    def __init__(self, path: Path, place: str, name: str) -> None:
        self.path = path
        self.place = place
        self.name = name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The file's bytes from the beginning."""
        try:
            if self.path.is_dir():
                with (self.path / self.place).open("rb") as file:
                    yield file
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.place) as entry:
                    yield entry
        # zipfile raises RuntimeErrors for what is encrypted, or packed in a way it doesn't know.
        except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
            raise ImportRefused(f"{self.name} cannot be read: {error}.") from error

    def checksum(self) -> str:
        """The SHA-256 of the content, the same from a folder and from a ZIP."""
        digest = hashlib.sha256()
        with self.open() as file:
            while some := file.read(1 << 20):
                digest.update(some)
        return digest.hexdigest()


def _find(path: Path) -> dict[str, str]:
    """Where the three files lie inside the folder or ZIP."""
    if path.is_dir():
        inside = [str(place.relative_to(path)) for place in sorted(path.rglob("*.dat"))]
    elif not path.exists():
        raise ImportRefused(f"{path} is not there; give the folder or the ZIP of MovieLens.")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            inside = archive.namelist()
    else:
        raise ImportRefused(f"{path.name} is neither a folder nor a readable ZIP.")
    places = {PurePosixPath(place).name: place for place in reversed(inside)}
    missing = [name for name in FILES if name not in places]
    if missing:
        raise ImportRefused(f"{path.name} has no {', '.join(missing)}; MovieLens consists of {', '.join(FILES)}.")
    return places


def _rows(data: _Data, width: int, read: Callable[[int, Sequence[str]], Row], bad_rows: BadRows) -> Iterator[Row]:
    """The good rows of a file; what is wrong with the others goes to ``bad_rows``."""
    seen: set[str] = set()
    unique = read is not _rating
    with data.open() as file, io.TextIOWrapper(file, encoding=ENCODING) as text:
        for line, written in enumerate(text, start=1):
            cells = written.rstrip("\r\n").split(SEPARATOR)
            try:
                _check_shape(cells, width, seen)
                row = read(line, cells)
            except BadValue as error:
                bad_rows.add(file=data.name, line=line, column="", value=written.strip(), problem=str(error))
                continue
            if unique:
                seen.add(cells[0])
            yield row


def _check_shape(cells: Sequence[str], width: int, seen: set[str]) -> None:
    """Refuse rows of another length, and ids that were seen before."""
    if len(cells) != width:
        raise BadValue(f"it has {len(cells)} cells, not {width}")
    if cells[0] in seen:
        raise BadValue("this id stands in an earlier row already")


def _film(line: int, cells: Sequence[str]) -> ItemRow:
    """A row of movies.dat: id, title (year), genres."""
    genres = values.several(cells[2])
    title = natural_title(values.text(cells[1], longest=500))
    return ItemRow(
        line=line,
        item_id=values.public_id(cells[0]),
        fields={
            "title": title,
            "description": film_description(year=dated_title(title).year, genres=genres),
            "tag": genres[0] if genres else "",
            "tags": list(genres),
        },
        category=genres[:1],
    )


def _user(line: int, cells: Sequence[str]) -> UserRow:
    """A row of users.dat: id, gender, lowest age of the group (1: under 18), occupation, postcode (not kept)."""
    number = cells[3].strip()
    if not number.isdecimal() or int(number) >= len(OCCUPATIONS):
        raise BadValue(f"there is no occupation {number!r}")
    return UserRow(
        line=line,
        user_id=values.public_id(cells[0]),
        fields={
            "gender": values.gender(cells[1]),
            "age": values.age(cells[2]),
            "occupation": OCCUPATIONS[int(number)],
        },
    )


def _rating(line: int, cells: Sequence[str]) -> ActionRow:
    """A row of ratings.dat: user, film, stars, seconds since 1970."""
    stars = values.number(cells[2])
    if stars is None:
        raise BadValue("the rating is missing")
    return ActionRow(
        line,
        values.public_id(cells[0]),
        values.public_id(cells[1]),
        FAVOURITE if stars >= LIKED_FROM else CLICK,
        values.seconds(cells[3]),
        stars,
    )
