"""Keeps downloaded files on disk under the hash of their address."""

from __future__ import annotations

import hashlib
import os
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class KeptFiles:
    """A folder of files by address; an empty file says that there is nothing at its address.

    A file appears whole or not at all, so a run that is killed leaves none that is cut.

    Args:
        folder: Where they lie; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, address: str) -> bytes | None:
        """The file kept for an address; None where none is."""
        try:
            return self._place(address).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, address: str) -> bool:
        """Whether a file is kept for an address."""
        return self._place(address).exists()

    def keep(self, address: str, content: bytes) -> None:
        """Keep a file, in the place of an earlier one."""
        place = self._place(address)
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as draft:
            draft.write(content)
        os.replace(draft.name, place)  # noqa: PTH105  # one step, whether or not there was one

    def forget(self, address: str) -> None:
        """Take a file away, if there is one."""
        self._place(address).unlink(missing_ok=True)

    def _place(self, address: str) -> Path:
        """Where the file of an address lies; the address itself, which may hold a key, is nowhere written."""
        name = hashlib.sha256(address.encode()).hexdigest()
        return self._folder / name[:2] / name
