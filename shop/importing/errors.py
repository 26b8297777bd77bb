"""What can be wrong with files brought in, and the list of their bad rows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

PRINTED_ROWS = 20
PRINTED_VALUE_LENGTH = 60


class ImportRefused(Exception):
    """A file cannot be imported as a whole; nothing of it was."""


class BadValue(ValueError):
    """A cell cannot be used; the text says what is wrong and how to write it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing wrong in one row. ``line`` counts from 1, the header included; 0 where there are no lines."""

    file: str
    line: int
    column: str
    value: str
    problem: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= PRINTED_VALUE_LENGTH else f"{self.value[:PRINTED_VALUE_LENGTH]}…"
        parts = [self.file]
        if self.line:
            parts.append(f"line {self.line}")
        if self.column:
            parts.append(f"column {self.column}")
        if value or self.column:
            parts.append(f"value {value!r}")
        return f"{', '.join(parts)}: {self.problem}"


class BadRowsFound(ImportRefused):
    """There were bad rows and the import was to stop at any."""

    def __init__(self, bad_rows: BadRows) -> None:
        shown = "\n".join(f"  {row}" for row in bad_rows.first)
        more = bad_rows.count - len(bad_rows.first)
        tail = f"\n  … and {more:,} more" if more else ""
        where = f"\nAll of them are in {bad_rows.report}." if bad_rows.report else ""
        super().__init__(
            f"Nothing was imported: {bad_rows.count:,} bad {'row' if bad_rows.count == 1 else 'rows'}.\n"
            f"{shown}{tail}{where}\n"
            "Mend them, or leave them out with --on-error skip."
        )


class BadRows:
    """Collects what is wrong: the first twenty to print, all of them into the report file.

    The report is a CSV with the columns file, line, column, value, problem,
    written as the rows come; it appears with the first bad row.
    """

    def __init__(self, report: Path | None = None) -> None:
        self.report = report
        self.first: list[BadRow] = []
        self.count = 0
        self._out: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._out:
            self._out.close()

    def __iter__(self) -> Iterator[BadRow]:
        return iter(self.first)

    def add(self, *, file: str, line: int, column: str, value: str, problem: str) -> None:
        """Note one thing that is wrong."""
        row = BadRow(file=file, line=line, column=column, value=value, problem=problem)
        self.count += 1
        if len(self.first) < PRINTED_ROWS:
            self.first.append(row)
        if self.report:
            self._write(self.report, row)

    def _write(self, report: Path, row: BadRow) -> None:
        """Append to the report, which gets its header first."""
        if self._out is None:
            try:
                report.parent.mkdir(parents=True, exist_ok=True)
                self._out = report.open("w", encoding="utf-8-sig", newline="")
            except OSError as error:
                raise ImportRefused(f"The report cannot be written to {report}: {error.strerror}.") from error
            csv.writer(self._out).writerow(["file", "line", "column", "value", "problem"])
        csv.writer(self._out).writerow([row.file, row.line or "", row.column, row.value, row.problem])
