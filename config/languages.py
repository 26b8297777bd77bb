"""Brings the translations in step with the sources: ``python -m config.languages`` (``make messages``).

Every sentence that a page or a letter can show is collected from the Python
files and the templates into ``locale/<language>/LC_MESSAGES/django.po``: new ones
come in untranslated, those no longer used go. Then the files Django reads
(``.mo``) are written. Only Babel is needed, no gettext programs. With ``--check``
nothing is written; what is missing is listed and the exit code is 1.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans",)
LINE = 110
# The day on which the translation began: a date that changes would change the files of every run.
BEGAN = datetime(2026, 11, 22, tzinfo=UTC)
# What a sentence leaves open: named, or in braces; a per cent sign alone is only that.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True)
class Wing:
    """A part of the house with translations of its own.

    Attributes:
        locale: Its folder of translations.
        sources: Folders whose sentences it holds.
        without: Folders in those that belong to the other wing.
    """

    locale: str
    sources: tuple[str, ...]
    without: tuple[str, ...] = ()

    def files(self) -> Iterator[Path]:
        """Every Python file and template, in the order of their paths."""
        for source in self.sources:
            for path in sorted((ROOT / source).rglob("*")):
                name = path.relative_to(ROOT).as_posix()
                if path.suffix in {".py", ".html", ".txt"} and not name.startswith(self.without) and path.is_file():
                    yield path


RECOMMENDER_TEMPLATES = ("templates/recommender", "templates/admin/recommender")
WINGS = (
    Wing("shop/locale", ("config", "shop", "templates"), RECOMMENDER_TEMPLATES),
    Wing("recommender/locale", ("recommender", *RECOMMENDER_TEMPLATES)),
)


def main() -> int:
    """Collect, write and check. Gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; list what is missing")
    arguments = parser.parse_args()
    found: list[str] = []
    for wing in WINGS:
        for language in LANGUAGES:
            if not arguments.check:
                update(wing, language)
            found += problems(wing, language)
    sys.stdout.write("".join(f"{line}\n" for line in found) or "Every sentence is translated.\n")
    return 1 if found else 0


def update(wing: Wing, language: str) -> None:
    """Bring a wing's translations in step with its sources, and write what Django reads."""
    catalogue = translations(wing, language)
    catalogue.update(sentences(wing), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = BEGAN
    catalogue.header_comment = "# The words of Vitrine, kept in step with the sources by config/languages.py."
    catalogue.project, catalogue.version = "Vitrine", ""
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    source = po_file(wing, language)
    source.parent.mkdir(parents=True, exist_ok=True)
    with source.open("wb") as file:
        write_po(file, catalogue, width=LINE, sort_output=True, include_lineno=False, ignore_obsolete=True)
    source.with_suffix(".mo").write_bytes(compiled(wing, language))


def problems(wing: Wing, language: str) -> list[str]:
    """What is missing or in doubt, one line each; empty when the translation is complete."""
    name = f"{wing.locale}/{language}"
    catalogue, wanted = translations(wing, language), sentences(wing)
    known = {message.id for message in catalogue if message.id}
    needed = {message.id for message in wanted if message.id}
    lines = [f"{name}: not collected: {sentence!r}" for sentence in sorted(map(str, needed - known))]
    lines += [f"{name}: no longer used: {sentence!r}" for sentence in sorted(map(str, known - needed))]
    lines += [f"{name}: {doubt}" for message in catalogue if message.id for doubt in doubts(message)]
    written = po_file(wing, language).with_suffix(".mo")
    if not written.exists() or written.read_bytes() != compiled(wing, language):
        lines.append(f"{name}: the .mo file is older than the .po file")
    return lines


def doubts(message: Message) -> Iterator[str]:
    """What is wrong with one translation."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    if not all(forms):
        yield f"not translated: {message.id!r}"
    if message.fuzzy:
        yield f"in doubt: {message.id!r}"
    source = message.id[-1] if isinstance(message.id, (list, tuple)) else message.id
    for form in filter(None, forms):
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(source)):
            yield f"other placeholders: {message.id!r}"


def translations(wing: Wing, language: str) -> Catalog:
    """A wing's translations as they are; empty where there are none yet."""
    source = po_file(wing, language)
    if not source.exists():
        return Catalog(locale=language, project="Vitrine", creation_date=BEGAN, fuzzy=False)
    with source.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def sentences(wing: Wing) -> Catalog:
    """Every sentence of a wing's sources, with the files it stands in."""
    found = Catalog(project="Vitrine", creation_date=BEGAN, fuzzy=False)
    for path in wing.files():
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else as_python(text, name=path.name)
        for _line, sentence, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            found.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    return found


def as_python(template: str, *, name: str) -> str:
    """A template as calls of ``gettext``, which is all that is read of it."""
    from django.utils.translation.template import templatize

    # What is not a call comes as filler that keeps its indents, which Python's own reader would object to.
    return "\n".join(line.strip() for line in str(templatize(template, origin=name)).splitlines())


def compiled(wing: Wing, language: str) -> bytes:
    """The translations as Django reads them."""
    written = io.BytesIO()
    write_mo(written, translations(wing, language))
    return written.getvalue()


def po_file(wing: Wing, language: str) -> Path:
    """Where a wing keeps its translations into a language."""
    return ROOT / wing.locale / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    sys.exit(main())
