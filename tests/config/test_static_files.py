"""Style sheets are gathered into one file where one is made of others."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.core.management import call_command

from config.static_files import BundledStaticFilesStorage, ImportLoop, bundled, written_out

SHEETS = {
    "css/all.css": '/* all */\n@import "a.css";\n@import "b.css";\nmain { color: red; }\n',
    "css/a.css": "a { color: blue; }\n",
    "css/b.css": '@import "c.css";\nb { color: green; }\n',
    "css/c.css": "c { color: black; }\n",
}


def test_imports_stand_where_they_were_named() -> None:
    assert written_out("css/all.css", SHEETS.__getitem__) == (
        "/* all */\na { color: blue; }\n\nc { color: black; }\n\nb { color: green; }\n\nmain { color: red; }\n"
    )


def test_a_sheet_that_imports_itself_is_refused() -> None:
    with pytest.raises(ImportLoop, match=r"css/a.css → css/b.css → css/a.css"):
        written_out("css/a.css", {"css/a.css": '@import "b.css";\n', "css/b.css": '@import "a.css";\n'}.__getitem__)


def test_only_sheets_made_of_others_are_replaced() -> None:
    source = InMemoryStorage()
    for name, text in SHEETS.items():
        source.save(name, ContentFile(text.encode()))
    paths: Any = {name: (source, name) for name in SHEETS}
    changed = bundled(paths)
    assert {name for name in SHEETS if changed[name][0] is not source} == {"css/all.css", "css/b.css"}
    storage, name = changed["css/b.css"]
    with storage.open(name) as file:
        assert file.read() == b"c { color: black; }\n\nb { color: green; }\n"


def test_the_frame_is_one_file_when_the_shop_is_open(settings: Any, tmp_path: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_files.BundledStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    sheets = [path for path in (tmp_path / "css").glob("*.css") if path.name.count(".") == 2]
    assert "frame" in {path.name.partition(".")[0] for path in sheets}
    assert [path.name for path in sheets if "@import" in path.read_text(encoding="utf-8")] == []
    frame = next(path.read_text(encoding="utf-8") for path in sheets if path.name.startswith("frame."))
    assert frame.index("--paper") < frame.index(".wordmark") < frame.index(".shelf-row")
    assert 'url("../fonts/newsreader/newsreader-latin-500.' in frame


def test_nothing_is_built_for_a_dry_run() -> None:
    assert list(BundledStaticFilesStorage(location="/nowhere").post_process({}, dry_run=True)) == []
