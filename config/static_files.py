"""How style sheets are gathered for a shop that is open.

In the sources, one style sheet may be made of others: ``@import "bar.css";``. A
browser would fetch those one after the other, each a round trip before the page
is painted, so ``collectstatic`` writes them out into the one that names them. In
development nothing is built and the browser follows the imports itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.core.files.storage import Storage

Paths = dict[str, tuple["Storage", str]]

# Only from the same folder: addresses inside the imported sheet then stay right where it is written out.
IMPORT = re.compile(r'^@import "(?P<name>[\w-]+\.css)";[ \t]*\n', re.MULTILINE)


class ImportLoop(Exception):
    """A style sheet imports itself, directly or through others."""


def written_out(name: str, read: Callable[[str], str], *, above: tuple[str, ...] = ()) -> str:
    """A style sheet with every sheet it imports in the place where it imports it.

    Args:
        name: Its path among the static files.
        read: Gives the text of a style sheet by its path.
        above: The sheets that are being written out already.

    Raises:
        ImportLoop: The sheet is among those above it.
    """
    if name in above:
        raise ImportLoop(" → ".join((*above, name)))
    folder = name.rpartition("/")[0]

    def imported(found: re.Match[str]) -> str:
        path = f"{folder}/{found['name']}" if folder else found["name"]
        return f"{written_out(path, read, above=(*above, name)).rstrip()}\n\n"

    return IMPORT.sub(imported, read(name))


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Hashed and compressed static files whose style sheets need no further request."""

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002 - Django's signature
        """Hand the sheets that import others on as one text each, then let names be hashed and files compressed."""
        yield from super().post_process(paths if dry_run else bundled(paths), dry_run, **options)


def bundled(paths: Paths) -> Paths:
    """The files to process, style sheets that import others replaced by what they come to."""

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode("utf-8"))

    whole = InMemoryStorage()
    changed = dict(paths)
    for name in paths:
        if name.endswith(".css") and IMPORT.search(read(name)):
            whole.save(name, ContentFile(written_out(name, read).encode("utf-8")))
            changed[name] = (whole, name)
    return changed
