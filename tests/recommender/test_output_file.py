"""Where ``--json`` goes: what could not be written in the end is refused at once, in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError

from recommender.output_file import prepare_json_path, write_json


def refusal(path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        prepare_json_path(path)
    return str(refused.value)


def test_a_new_file_and_one_to_replace_are_fine_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("yesterday's")
    prepare_json_path(tmp_path / "new.json")
    prepare_json_path(tmp_path / "old.json")
    prepare_json_path(Path("/dev/stdout"))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old.json", "yesterday's")]


def test_folders_that_are_missing_are_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "out.json"
    prepare_json_path(path)
    write_json(path, {})
    assert path.read_text() == "{}\n"


def test_what_cannot_be_written_is_refused_with_path_and_cure(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"--json {tmp_path} is a folder; name a file in it, such as {tmp_path / 'figures.json'}"
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "out.json"
    assert refusal(below) == f"--json {below} cannot be a file: File exists; name another"
    long = tmp_path / ("x" * 300)
    assert refusal(long) == f"--json {long} cannot be a file: File name too long; name another"


def test_what_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def nobody_may(path: Path, _mode: int) -> bool:  # whoever runs the tests as root may write anywhere
        asked.append(path)
        return False

    monkeypatch.setattr(os, "access", nobody_may)
    new, old = tmp_path / "new.json", tmp_path / "old.json"
    old.write_text("")
    for path in (new, old):
        assert refusal(path) == f"--json {path} may not be written; name another file or change who may write it"
    assert asked == [tmp_path, old]


def test_a_document_is_written_for_people_too(tmp_path: Path) -> None:
    write_json(tmp_path / "out.json", {"words": "茶", "number": 1})
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == '{\n  "words": "茶",\n  "number": 1\n}\n'


def test_what_fails_in_the_end_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"could not be written: No such file or directory; all else is done"):
        write_json(tmp_path / "gone" / "out.json", {})
