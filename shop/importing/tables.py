"""Reads CSV files that people made: compressed or not, in the encoding they say, row by row.

What is wrong with a whole file (missing, empty, wrong encoding, a column
missing) raises ``ImportRefused`` with a cure; what is wrong with one row goes
to the ``BadRows`` and the reading goes on.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.importing.errors import BadRows, ImportRefused

if TYPE_CHECKING:
    from _csv import Reader as CsvReader
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

GZIP_START = b"\x1f\x8b"
LONGEST_CELL = 1_000_000
DEFAULT_ENCODING = "utf-8-sig"
UTF_8_NAMES = frozenset({"utf-8", "utf-8-sig"})


@dataclass(frozen=True, slots=True)
class TableFormat:
    """Which columns a kind of file has.

    ``required``: each inner tuple lists alternatives of which one must be there.
    ``known``: all exact names that are understood; ``is_known`` adds patterns.
    """

    what: str
    required: tuple[tuple[str, ...], ...]
    known: frozenset[str]
    is_known: Callable[[str], bool]
    example: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file whose header was read and found good.

    ``columns`` maps the name of each understood column to its place in a row.
    """

    path: Path
    encoding: str
    header: tuple[str, ...]
    columns: dict[str, int]
    unknown: tuple[str, ...]

    @property
    def name(self) -> str:
        """What to call the file in messages."""
        return self.path.name

    def rows(self, bad_rows: BadRows) -> Iterator[tuple[int, list[str]]]:
        """The line each row starts on, and its cells; as many as the header has.

        Rows of another length or with broken quotes go to ``bad_rows``, blank
        lines are passed over.

        Raises:
            ImportRefused: The rest of the file cannot be read at all.
        """
        width = len(self.header)
        with _open_text(self.path, self.encoding) as text:
            reader = _reader(text)
            for line, cells in _lines(reader, self, bad_rows):
                if line == 1 or not cells:
                    continue
                if len(cells) != width:
                    problem = f"it has {len(cells)} cells, the header has {width}"
                    bad_rows.add(file=self.name, line=line, column="", value=",".join(cells), problem=problem)
                    continue
                yield line, cells


def open_table(path: Path, table_format: TableFormat, *, encoding: str = "") -> Table:
    """Look at a file's header.

    Args:
        path: The file, plain or gzip-compressed whatever its name.
        table_format: The columns it should have.
        encoding: A codec's name; UTF-8 with or without byte order mark where empty.

    Raises:
        ImportRefused: It is missing, empty, not in this encoding, or lacks a column.
    """
    name = checked_encoding(encoding)
    if not path.is_file():
        raise ImportRefused(f"{path} is not there." if not path.exists() else f"{path} is not a file.")
    with _open_text(path, name) as text:
        header = _header(path, text, name, table_format)
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise ImportRefused(f"{path.name} names a column twice: {', '.join(twice)}.")
    for alternatives in table_format.required:
        if not any(column in header for column in alternatives):
            raise ImportRefused(_missing_column(path, header, alternatives, table_format))
    understood = {
        column: place
        for place, column in enumerate(header)
        if column in table_format.known or table_format.is_known(column)
    }
    unknown = tuple(column for column in header if column not in understood)
    return Table(path=path, encoding=name, header=tuple(header), columns=understood, unknown=unknown)


def checked_encoding(encoding: str) -> str:
    """Python's name of the codec.

    Raises:
        ImportRefused: There is no such text encoding.
    """
    try:
        found = codecs.lookup(encoding or DEFAULT_ENCODING)
        io.TextIOWrapper(io.BytesIO(), encoding=found.name).close()
    except LookupError as error:
        raise ImportRefused(f"There is no encoding {encoding!r}; try utf-8, gbk, big5, cp1252 or latin-1.") from error
    return DEFAULT_ENCODING if found.name in UTF_8_NAMES else found.name


def checksum_of(path: Path) -> str:
    """The SHA-256 of the file's bytes, by which it is known again.

    Raises:
        ImportRefused: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error


def _open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """The file as text, decompressed where it is compressed."""
    try:
        with path.open("rb") as file:
            compressed = file.read(len(GZIP_START)) == GZIP_START
        raw = gzip.open(path, "rb") if compressed else path.open("rb")  # noqa: SIM115  # the wrapper closes it
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from error
    return io.TextIOWrapper(raw, encoding=encoding, newline="")


def _reader(text: io.TextIOWrapper) -> CsvReader:
    """A strict CSV reader; a forgotten closing quote ends at ``LONGEST_CELL``, not at the end of memory."""
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(text, strict=True)


def _lines(reader: CsvReader, table: Table, bad_rows: BadRows) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it starts on; rows with broken quotes go to ``bad_rows``."""
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"its quotes don't match ({error})"
            bad_rows.add(file=table.name, line=line, column="", value="", problem=problem)
        except UnicodeDecodeError as error:
            raise _wrong_encoding(table.path, error, line) from error
        except (OSError, EOFError, zlib.error) as error:
            raise ImportRefused(f"{table.name} is damaged after line {line}: {error}.") from error
        else:
            yield line, cells
        line = reader.line_num + 1


def _header(path: Path, text: io.TextIOWrapper, encoding: str, table_format: TableFormat) -> list[str]:
    """The names of the columns."""
    try:
        header = next(_reader(text))
    except StopIteration:
        header = []
    except UnicodeDecodeError as error:
        raise _wrong_encoding(path, error, 1) from error
    except UnicodeError as error:  # UTF-16 without its mark
        raise ImportRefused(f"{path.name} is not in {encoding}: {error}.") from error
    except csv.Error as error:
        raise ImportRefused(f"{path.name} has no readable first line ({error}).") from error
    except (OSError, EOFError, zlib.error) as error:
        raise ImportRefused(f"{path.name} is damaged: {error}.") from error
    if not any(column.strip() for column in header):
        raise ImportRefused(
            f"{path.name} is empty. Its first line must name the columns, such as: {table_format.example}"
        )
    return [column.strip() for column in header]


def _missing_column(path: Path, header: Sequence[str], alternatives: Sequence[str], table_format: TableFormat) -> str:
    """What is needed, what is there, and a guess at why."""
    hint = ""
    if len(header) == 1 and any(sign in header[0] for sign in ";\t|"):
        hint = " Separate the cells by commas."
    return (
        f"{path.name} has no column {' or '.join(alternatives)}. It has: {', '.join(header)}. "
        f"A file of {table_format.what} needs at least: {table_format.example}.{hint}"
    )


def _wrong_encoding(path: Path, error: UnicodeDecodeError, line: int) -> ImportRefused:
    """Where the bytes stop making sense, and what to try."""
    tried = "UTF-8" if error.encoding.replace("_", "-").startswith("utf-8") else error.encoding
    cure = "--encoding gbk (Chinese) or --encoding cp1252 (Western)" if tried == "UTF-8" else "another --encoding"
    return ImportRefused(
        f"{path.name} is not in {tried}: byte 0x{error.object[error.start]:02x} near line {line}. Try {cure}."
    )
