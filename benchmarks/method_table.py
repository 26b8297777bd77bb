"""Prints the documents of ``evaluate --json`` as one Markdown table, for docs/methods.md.

    python benchmarks/method_table.py var/time.json var/last.json

A row per method, best first by the first document; a group of columns per document.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FIGURES = (("overall", "ndcg@10"), ("overall", "hr@10"), ("discovery", "ndcg@10"), ("overall", "coverage@10"))


def method_table(documents: Sequence[Mapping[str, Any]]) -> str:
    """The table; a dash where a document lacks a method, or has no case of the slice.

    Args:
        documents: As ``evaluate --json`` writes them; at least one.
    """
    names = {name: None for document in documents for name in document["methods"]}
    ranked = sorted(names, key=lambda name: -_figure(documents[0], name, *FIGURES[0], default=-1.0))
    rated = [document for document in documents if document.get("rating")]
    headings = ["method"]
    for document in documents:
        headings += [f"{document['split']} {column} {part}" for part, column in FIGURES]
    headings += [f"{document['split']} RMSE" for document in rated]
    lines = [f"| {' | '.join(headings)} |", f"|---|{'---:|' * (len(headings) - 1)}"]
    for name in ranked:
        cells = [f"`{name}`"]
        cells += [_cell(_figure(document, name, *figure)) for document in documents for figure in FIGURES]
        cells += [_cell(document["rating"].get(name, {}).get("rmse", float("nan"))) for document in rated]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _figure(document: Mapping[str, Any], name: str, part: str, column: str, *, default: float = float("nan")) -> float:
    """One figure, ``default`` where there is none."""
    if not document.get("cases", {}).get(part):
        return default
    return float(document["methods"].get(name, {}).get(part, {}).get(column, default))


def _cell(value: float) -> str:
    return "–" if value != value else f"{value:.4f}".removeprefix("0")  # noqa: PLR0124 - nan differs from itself


def main() -> None:
    """Read, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path)
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in parser.parse_args().files]
    print(method_table(documents))


if __name__ == "__main__":
    main()
