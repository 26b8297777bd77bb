"""Files that commands write at the end of long work: whether they can be written is seen before it begins."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError


def prepare_json_path(path: Path) -> None:
    """Make the folder of a ``--json`` where there is none, and refuse what could not be written in the end.

    Raises:
        CommandError: names the path and what to do.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
    except OSError as error:  # such as a name that is too long, or a file where a folder should be
        raise CommandError(f"--json {path} cannot be a file: {error.strerror}; name another") from error
    if path.is_dir():
        raise CommandError(f"--json {path} is a folder; name a file in it, such as {path / 'figures.json'}")
    if not os.access(path if there else path.parent, os.W_OK):
        raise CommandError(f"--json {path} may not be written; name another file or change who may write it")


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a document for people and programs to read.

    Raises:
        CommandError: it could not be written after all, such as on a full disk.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"--json {path} could not be written: {error.strerror}; all else is done") from error
