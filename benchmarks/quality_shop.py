"""A temporary shop for measuring: its own database, pictures and models, gone when it closes."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("VITRINE_SHARED_DATA", ROOT.parent / "shared"))
TOLD_OF_A_FAILURE = 400
# What a shop around must not lend this one.
NOT_PASSED_ON = ("REDIS_URL", "DEBUG", "IMAGE_ENCODER", "IMAGE_WEIGHTS", "POSTER_ENDPOINT")


class StepFailed(Exception):
    """A command ended badly; the text is the end of what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took: seconds on the wall, and the peak of its memory in megabytes."""

    seconds: float
    megabytes: int


class TemporaryShop:
    """Runs ``manage.py`` against a database, pictures and models in a folder of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="quality-")
        self.path = Path(self._folder.name)
        self._numbers = itertools.count()
        self._environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON} | {
            "DATABASE_URL": f"sqlite:///{self.path}/shop.sqlite3",
            "MEDIA_ROOT": f"{self.path}/media",
            "RECOMMENDER_HOME": f"{self.path}/bundles",
            "SECRET_KEY": "for measuring only, long enough for any validator 0123456789",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def manage(self, *arguments: str | Path, environment: dict[str, str] | None = None) -> Cost:
        """Run a command to its end.

        Args:
            arguments: Its name and options.
            environment: Variables of this run alone.

        Raises:
            StepFailed: It gave another exit code than 0.
        """
        log = self.path / f"command-{next(self._numbers)}.log"
        started = time.monotonic()
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "manage.py", *map(str, arguments)],
                cwd=ROOT,
                env=self._environment | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        finally:
            _end_all_of(process)
        if process.returncode:
            raise StepFailed(_end_of(log))
        return Cost(seconds=round(time.monotonic() - started, 1), megabytes=usage.ru_maxrss // 1024)


def score(*arguments: str | Path) -> dict[str, Any]:
    """What one of the shared evaluators answers.

    Raises:
        StepFailed: It could not score the file.
    """
    script, *rest = arguments
    result = subprocess.run(
        [sys.executable, str(SHARED / script), *map(str, rest), "--json"], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise StepFailed(result.stderr.strip()[-TOLD_OF_A_FAILURE:])
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def _end_all_of(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing running of what a command started, Ctrl-C included."""
    with suppress(ProcessLookupError):  # all of it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_of(log: Path) -> str:
    """The last lines a command printed."""
    return log.read_text(encoding="utf-8", errors="replace").strip()[-TOLD_OF_A_FAILURE:]
