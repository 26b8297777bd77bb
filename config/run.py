"""Opens the shop: everything between a fresh checkout and a storefront that answers.

``make run`` calls ``python -m config.run``. Each step is skipped where its
result is already there, so a second start goes straight to the server.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

STOP_PATIENCE_SECONDS = 10.0
WATCH_INTERVAL_SECONDS = 0.2
PASSWORD_BYTES = 12


class StopRequested(BaseException):
    """Ctrl-C or a polite kill; not an error, so nothing that handles errors may swallow it."""


def main() -> int:
    """Prepare the shop where needed, then serve it until Ctrl-C. Gives the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("PAYMENT_PROVIDER", "dummy")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _request_stop)
    try:
        import django

        django.setup()
        prepare()
        return serve()
    except ImproperlyConfigured as error:
        _say(str(error))
        return 1
    except subprocess.CalledProcessError as error:
        _say(f"`manage.py {error.cmd[2]}` failed; its message is above. Nothing half-done stays: mend it, start again.")
        return 1
    except StopRequested:
        _say("stopped.")
        return 0


def prepare() -> None:
    """Database, style sheets, demonstration catalogue, first model and admin account: whatever is missing."""
    from django.conf import settings

    from config.environment import read_flag
    from recommender.models import Bundle
    from shop.catalogue.models import Item

    _migrate()
    _collect_static_files(settings.STATIC_ROOT, [Path(folder) for folder in settings.STATICFILES_DIRS])
    _create_admin_account()
    if read_flag("DEMO", default=True) and not Item.objects.exists():
        _say("The shop is empty: painting a demonstration catalogue (DEMO=0 leaves it empty).")
        _manage("demo")
    if Item.objects.exists() and not Bundle.objects.active().exists():
        _say("No model yet: learning from the catalogue.")
        _manage("retrain")


def serve() -> int:
    """Run the task worker and the web server until one ends or somebody asks to stop."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    commands = {
        "task worker": [sys.executable, "manage.py", "db_worker", "--no-reload"],
        "web server": [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
    }
    with _running(commands) as children:
        _say(f"The shop is open: http://127.0.0.1:{settings.PORT}   (Ctrl-C closes it)")
        while True:
            for name, child in children.items():
                if child.poll() is not None:
                    _say(f"The {name} ended with code {child.returncode}; closing the shop.")
                    return 1
            time.sleep(WATCH_INTERVAL_SECONDS)


@contextlib.contextmanager
def _running(commands: dict[str, list[str]]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start all commands; on the way out, for whatever cause, none is left."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(command, cwd=_root())  # noqa: S603 - our own commands
        yield children
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _stop(list(children.values()))


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask politely, wait, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_PATIENCE_SECONDS
    for child in children:
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _migrate() -> None:
    """Bring the database up to date, quietly where it already is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("Preparing the database.")
        call_command("migrate", interactive=False, verbosity=0)


def _collect_static_files(target: Path, sources: Sequence[Path]) -> None:
    """Gather, hash and compress style sheets and scripts when any of them changed."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return
    digest = hashlib.sha256(django.__version__.encode())
    for file in sorted(path for source in sources for path in source.rglob("*") if path.is_file()):
        status = file.stat()
        digest.update(f"{file}:{status.st_size}:{status.st_mtime_ns}".encode())
    stamp = target / ".collected"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest.hexdigest():
        return
    _say("Gathering style sheets and scripts.")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest(), encoding="ascii")


def _create_admin_account() -> None:
    """On the first run, an account for the admin; its password is shown once and never again."""
    from shop.accounts.models import User

    if User.objects.filter(is_superuser=True).exists():
        return
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    user = User.objects.create_superuser("admin@vitrine.example", password)
    _say(f"Admin account (shown only now): name {user.email}  password {password}  at /admin/")


def _manage(*words: str) -> None:
    """Run a management command in a process of its own, so that what it loads does not stay in memory."""
    child = subprocess.Popen([sys.executable, "manage.py", *words], cwd=_root())  # noqa: S603 - our own commands
    try:
        code = child.wait()
    except StopRequested:
        _stop([child])
        raise
    if code:
        raise subprocess.CalledProcessError(code, [sys.executable, "manage.py", *words])


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    raise StopRequested


def _root() -> Path:
    return Path(__file__).resolve().parent.parent


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
