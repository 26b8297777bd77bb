"""Reads the rows of an items file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shop.importing import values
from shop.importing.errors import BadRows, BadValue
from shop.importing.tables import Table, TableFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ATTRIBUTE = "attr:"
TRANSLATED = re.compile(
    r"(?P<field>title|description|variant):(?P<language>[a-z]{2,3}(-[a-z0-9]{2,8})*)", re.IGNORECASE
)
LONGEST = {"title": 500, "description": 0, "variant": 100}
LONGEST_ATTRIBUTE = 1000


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What a file says about one item.

    ``fields`` holds the model's fields that the file has a column for, and no
    others; ``attributes`` and ``translations`` likewise by name and by
    (language, field), an empty text meaning that there is none. ``head`` is the
    public id of the item this one is a variant of: empty for none, ``None``
    where the file has no such column.
    """

    line: int
    item_id: str
    fields: Mapping[str, Any]
    category: tuple[str, ...] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    picture_names: tuple[str, ...] = ()
    head: str | None = None


def _is_known(column: str) -> bool:
    """Columns with a free part in their name."""
    return bool(TRANSLATED.fullmatch(column)) or (column.startswith(ATTRIBUTE) and len(column) > len(ATTRIBUTE))


ITEMS_FORMAT = TableFormat(
    what="items",
    required=(("item_id",), ("title", "description")),
    known=frozenset(
        {
            "item_id",
            "title",
            "description",
            "tag",
            "category",
            "price",
            "stock",
            "image_path",
            "image_url",
            "brand",
            "colour",
            "variant_of",
            "variant",
        }
    ),
    is_known=_is_known,
    example="item_id,title or item_id,description",
)

# The columns that are one field of the model each, with what reads their cells.
PLAIN: dict[str, tuple[str, Callable[[str], Any]]] = {
    "title": ("title", lambda cell: values.text(cell, longest=LONGEST["title"])),
    "description": ("description", values.text),
    "price": ("price", values.price),
    "stock": ("stock", values.stock),
    "brand": ("brand", lambda cell: values.text(cell, longest=200)),
    "colour": ("colour", lambda cell: values.text(cell, longest=100)),
    "variant": ("variant_name", lambda cell: values.text(cell, longest=LONGEST["variant"])),
    "image_url": ("image_urls", lambda cell: list(values.addresses(cell))),
}
READERS: dict[str, Callable[[str], Any]] = {
    **{column: reader for column, (_field, reader) in PLAIN.items()},
    "item_id": values.public_id,
    "variant_of": lambda cell: values.public_id(cell) if cell.strip() else "",
    "category": values.category,
    "tag": lambda cell: values.several(cell, longest=200),
    "image_path": values.several,
}


def item_rows(table: Table, bad_rows: BadRows) -> Iterator[ItemRow]:
    """The good rows of an items file; what is wrong with the others goes to ``bad_rows``."""
    seen: set[str] = set()
    for line, cells in table.rows(bad_rows):
        problems = bad_rows.count
        row = _item_row(table, line, cells, bad_rows)
        if row is None or bad_rows.count > problems:
            continue
        if row.item_id in seen:
            problem = "this item_id stands in an earlier row already"
            bad_rows.add(file=table.name, line=line, column="item_id", value=row.item_id, problem=problem)
            continue
        seen.add(row.item_id)
        yield row


def _item_row(table: Table, line: int, cells: list[str], bad_rows: BadRows) -> ItemRow | None:
    """One row; None and notes in ``bad_rows`` where cells are bad."""
    found: dict[str, Any] = {}
    for column, place in table.columns.items():
        try:
            found[column] = _read_cell(column, cells[place])
        except BadValue as error:
            bad_rows.add(file=table.name, line=line, column=column, value=cells[place], problem=str(error))
    if "item_id" not in found:
        return None
    fields = {PLAIN[column][0]: value for column, value in found.items() if column in PLAIN}
    if "tag" in found:
        fields["tag"] = found["tag"][0] if found["tag"] else ""
        fields["tags"] = list(found["tag"])
    translations = {}
    for column, value in found.items():
        match = TRANSLATED.fullmatch(column)
        if match:
            translations[match["language"].lower(), match["field"].lower()] = value
    return ItemRow(
        line=line,
        item_id=found["item_id"],
        fields=fields,
        category=found.get("category"),
        attributes={
            column.removeprefix(ATTRIBUTE): value for column, value in found.items() if column.startswith(ATTRIBUTE)
        },
        translations=translations,
        picture_names=found.get("image_path", ()),
        head=found.get("variant_of"),
    )


def _read_cell(column: str, cell: str) -> object:
    """The value of one cell of an understood column."""
    reader = READERS.get(column)
    if reader:
        return reader(cell)
    match = TRANSLATED.fullmatch(column)
    return values.text(cell, longest=LONGEST[match["field"].lower()] if match else LONGEST_ATTRIBUTE)
