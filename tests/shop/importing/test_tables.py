"""Files as people make them: encodings, compression, broken quotes, wrong headers."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.importing.errors import BadRows, ImportRefused
from shop.importing.item_rows import ITEMS_FORMAT, item_rows
from shop.importing.tables import open_table

Write = Callable[..., Path]


def read(path: Path, encoding: str = "") -> tuple[list[tuple[int, list[str]]], list[str]]:
    """All rows with their lines, and all problems."""
    bad_rows = BadRows()
    rows = list(open_table(path, ITEMS_FORMAT, encoding=encoding).rows(bad_rows))
    return rows, [str(row) for row in bad_rows]


@pytest.mark.parametrize(
    "content",
    [
        b"item_id,title\n007,Mug\n",
        b"item_id,title\r\n007,Mug\r\n",
        b"\xef\xbb\xbf" + b"item_id,title\n007,Mug",
        gzip.compress(b"item_id,title\n007,Mug\n"),
        b"item_id,title\n\n\n007,Mug\n\n",
    ],
    ids=["plain", "windows", "bom", "gzip", "blank lines"],
)
def test_the_same_row_however_written(write: Write, content: bytes) -> None:
    rows, problems = read(write("items.csv", content))
    assert ([cells for _line, cells in rows], problems) == ([["007", "Mug"]], [])


def test_gbk_needs_its_name(write: Write) -> None:
    path = write("items.csv", "item_id,title\n1,青花瓷杯\n", encoding="gbk")
    assert read(path, "gbk")[0] == [(2, ["1", "青花瓷杯"])]
    with pytest.raises(ImportRefused, match=r"items\.csv is not in UTF-8: byte 0x.. near line 1\. Try --encoding gbk"):
        read(path)


def test_utf_8_read_as_gbk_is_refused(write: Write) -> None:
    path = write("items.csv", "item_id,title\n1,杯\n")
    with pytest.raises(ImportRefused, match=r"items\.csv is not in gbk"):
        read(path, "gbk")


def test_an_unknown_encoding_is_refused(write: Write) -> None:
    with pytest.raises(ImportRefused, match="There is no encoding 'gbq'; try utf-8, gbk"):
        read(write("items.csv", "item_id,title\n"), "gbq")


def test_a_codec_that_is_no_encoding_is_refused(write: Write) -> None:
    with pytest.raises(ImportRefused, match="There is no encoding 'base64'"):
        read(write("items.csv", "item_id,title\n"), "base64")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "items.csv is empty. Its first line must name the columns, such as: item_id,title"),
        (b"\xef\xbb\xbf", "items.csv is empty."),
        (b"\n\n", "items.csv is empty."),
        (b"title,price\n", "items.csv has no column item_id. It has: title, price."),
        (b"item_id,price\n", "items.csv has no column title or description. It has: item_id, price."),
        (b"item_id;title\n1;Mug\n", "Separate the cells by commas."),
        (b"item_id,title,title\n", "items.csv names a column twice: title."),
        (b"\x1f\x8b\x08 no gzip after all", "items.csv is damaged"),
        (b'item_id,"title\n', "items.csv has no readable first line"),
    ],
)
def test_files_that_cannot_be_read_at_all(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(write("items.csv", content))
    assert message in str(refused.value)


def test_a_cut_off_gzip_is_refused(write: Write) -> None:
    content = gzip.compress(b"item_id,title\n" + b"".join(b"%d,Mug %d\n" % (n, n * n) for n in range(9999)))
    path = write("items.csv.gz", content[: len(content) // 2])
    with pytest.raises(ImportRefused, match=r"items\.csv\.gz is damaged after line"):
        read(path)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="is not there"):
        read(tmp_path / "items.csv")
    with pytest.raises(ImportRefused, match="is not a file"):
        read(tmp_path)


def test_rows_of_another_length_are_bad(write: Write) -> None:
    rows, problems = read(write("items.csv", "item_id,title\n1\n2,Mug\n3,Mug,12\n"))
    assert rows == [(3, ["2", "Mug"])]
    assert problems == [
        "items.csv, line 2, value '1': it has 1 cells, the header has 2",
        "items.csv, line 4, value '3,Mug,12': it has 3 cells, the header has 2",
    ]


def test_lines_are_those_an_editor_shows(write: Write) -> None:
    rows, problems = read(write("items.csv", 'item_id,title\n1,"two\nlines"\n2,"b"x\n3,Mug\n'))
    assert rows == [(2, ["1", "two\nlines"]), (5, ["3", "Mug"])]
    assert len(problems) == 1
    assert problems[0].startswith("items.csv, line 4: its quotes don't match")


def test_a_forgotten_closing_quote_is_told(write: Write) -> None:
    rows, problems = read(write("items.csv", 'item_id,title\n1,Mug\n2,"Vase\n3,Lamp\n'))
    assert rows == [(2, ["1", "Mug"])]
    assert len(problems) == 1
    assert problems[0].startswith("items.csv, line 3: its quotes don't match")


def test_unknown_columns_are_named(write: Write) -> None:
    table = open_table(write("items.csv", "item_id,title,weight,attr:size,title:zh-hans,title:\n"), ITEMS_FORMAT)
    assert table.unknown == ("weight", "title:")


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200))
def test_no_file_makes_the_reader_fall_over(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    for start in (b"", b"item_id,title,price,tag,image_path,title:zh\n"):
        path.write_bytes(start + content)
        try:
            rows = list(item_rows(open_table(path, ITEMS_FORMAT), BadRows()))
        except ImportRefused:
            continue
        assert all(row.item_id for row in rows)
