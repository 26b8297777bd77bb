"""Helpers of the import tests: files made on the spot, and the command that reads them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from shop.importing import pacing


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else writes in these tests, so nobody needs to be let in."""
    monkeypatch.setattr(pacing, "PAUSE", 0.0)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file below the test's folder."""

    def write_file(name: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write_file


def picture(colour: int = 0, width: int = 6, height: int = 8, kind: str = "PNG") -> bytes:
    """A small picture; another colour is another picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (colour % 256, colour // 256 % 256, 80)).save(out, kind)
    return out.getvalue()


def archive(path: Path, files: Mapping[str, bytes]) -> Path:
    """A ZIP with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return path


def run(command: str = "import_data", *arguments: Any, **options: Any) -> str:
    """Run a command; gives what it printed."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def refusal(command: str = "import_data", *arguments: Any, **options: Any) -> str:
    """Run a command that must fail; gives its message."""
    with pytest.raises(CommandError) as error:
        run(command, *arguments, **options)
    return str(error.value)


def media_files(settings: Any) -> set[str]:
    """Every served file under the media folder; the import's own lock is none."""
    root = Path(settings.MEDIA_ROOT)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    return found - {"items/.import/lock"}
