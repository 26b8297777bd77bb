"""A shop whose picture network was trained by the real retrain, and two web workers that serve it, as in production.

Everything happens in processes of its own: what fills and teaches the shop loads
TensorFlow, which neither a web worker nor the tests may have in memory, and each
worker is a Gunicorn of its own, so that a test knows which one has answered. Like
the workers of one Gunicorn they share the database and the files, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.open_shop import STOP_SECONDS, free_port, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
# Three things in four colours, twice over: each tag has pictures enough to be learned, each item a twin.
ITEMS = 24
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedShop:
    """A shop that is open.

    Attributes:
        workers: The address of each web worker.
        media: Where its pictures lie.
        bundles: Where its model versions lie.
        keeper: The session cookie of somebody who may do everything in the admin.
    """

    workers: tuple[str, ...]
    media: Path
    bundles: Path
    keeper: str


@contextlib.contextmanager
def open_trained_shop(folder: Path) -> Iterator[TrainedShop]:
    """Fill a shop in ``folder``, teach it, and serve it by two fresh workers until the end of the block."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "RECOMMENDER_HOME": str(folder / "bundles"),
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": "only-for-a-test-of-two-workers",
        "DEBUG": "0",
        "WEB_WORKERS": "1",
        "OMP_NUM_THREADS": "1",
    }
    taught = subprocess.run(
        [sys.executable, "-m", "tests.browser.trained_shop"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert taught.returncode == 0, taught.stderr
    keeper = taught.stdout.splitlines()[-1]
    with contextlib.ExitStack() as open_workers:
        workers = tuple(open_workers.enter_context(_worker(environment)) for _number in range(WORKERS))
        yield TrainedShop(workers=workers, media=folder / "media", bundles=folder / "bundles", keeper=keeper)


@contextlib.contextmanager
def _worker(environment: dict[str, str]) -> Iterator[str]:
    """One web worker, by the configuration of production; gives its address."""
    port = free_port()
    address = f"http://localhost:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
        cwd=ROOT,
        env=environment | {"PORT": str(port), "SITE_URL": address},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def fill_and_teach() -> None:
    """Make the shop that the environment names: items with words, tags and pictures, a model, a keeper.

    The last line that is printed is the keeper's session cookie.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from shop.accounts.models import User
    from tests.recommender.tiny_shop import fill_items, fill_pictures

    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill_pictures(fill_items(ITEMS), Path(settings.MEDIA_ROOT))
    call_command("retrain")
    client = Client()
    client.force_login(User.objects.create_superuser("keeper@vitrine.example"))
    sys.stdout.write(f"{client.cookies['sessionid'].value}\n")


if __name__ == "__main__":
    fill_and_teach()
