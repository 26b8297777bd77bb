"""One retrain at a time: the second is refused until the first ends, however that ends."""

from __future__ import annotations

import fcntl
import subprocess
import sys

import pytest

from recommender import bundle as bundles
from recommender.models import Bundle
from recommender.pipeline import RetrainOptions, retrain
from recommender.retraining.lock import LOCK_NAME, RetrainRunning, retrain_lock
from tests.recommender.tiny_shop import fill_items

pytestmark = pytest.mark.django_db

LOCK_HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "a+")
fcntl.flock(file, fcntl.LOCK_EX)
file.write("4711"); file.flush()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_retrain_is_refused_until_the_first_ends_even_if_it_is_killed() -> None:
    fill_items(3)
    home = bundles.bundle_home()
    home.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", LOCK_HOLDER, str(home / LOCK_NAME)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RetrainRunning, match="process 4711"):
            retrain(RetrainOptions())
        assert not Bundle.objects.exists()
        holder.kill()
        holder.wait()
    assert retrain(RetrainOptions()).activated


def test_without_the_lock_two_retrains_would_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: the refusal above comes from the lock and from nothing else."""
    fill_items(3)
    with retrain_lock():
        with pytest.raises(RetrainRunning):
            retrain(RetrainOptions())
        monkeypatch.setattr(fcntl, "flock", lambda *_: None)
        assert retrain(RetrainOptions()).activated
