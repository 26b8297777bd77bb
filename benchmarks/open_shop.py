"""A demonstration shop opened for a measurement, beside the real one and gone afterwards."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_SECONDS = 60
STOP_SECONDS = 15
# Enough of a model to fill every shelf, without the networks that take minutes.
METHODS = ("content", "also_liked", "trending", "popularity", "bought_together")


class ShopNotOpen(Exception):
    """The shop did not answer in time."""


@contextlib.contextmanager
def open_demo_shop(folder: Path, *, items: int, shoppers: int = 200) -> Iterator[str]:
    """Paint, teach and serve a shop whose files are all in ``folder``; gives its address.

    Raises:
        ShopNotOpen: It did not answer in time.
        subprocess.CalledProcessError: A step of the preparation failed.
    """
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "RECOMMENDER_HOME": str(folder / "bundles"),
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": "only-for-a-measurement",
        "SITE_URL": f"http://localhost:{port}",
        "PAYMENT_PROVIDER": "dummy",
        "DEBUG": "0",
        "PORT": str(port),
        "OMP_NUM_THREADS": "1",
    }
    steps: tuple[tuple[str, ...], ...] = (
        ("migrate", "--verbosity=0"),
        ("collectstatic", "--no-input", "--verbosity=0"),
        ("demo", f"--items={items}", f"--shoppers={shoppers}"),
        ("retrain", "--force", "--only", *METHODS),
    )
    for step in steps:
        subprocess.run(
            [sys.executable, "manage.py", *step], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(f"http://localhost:{port}/healthz")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(STOP_SECONDS)
        server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    """Come back once ``address`` answers.

    Raises:
        ShopNotOpen: It does not within a minute.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - our own shop
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise ShopNotOpen(f"{address} does not answer.")
