"""``manage.py evaluate``: every method and the trivial baselines on the shop's own log."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from recommender.bundle import record_evaluation
from recommender.evaluation.report import table
from recommender.learners.methods import METHODS
from recommender.output_file import prepare_json_path, write_json
from shop.command_help import ExplainedCommand

# TensorFlow greets with a page of hints; what goes wrong is still told.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# As in ``retrain``, whose networks are judged here: two thirds of the time for the convolutions over titles.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

INTERRUPTED = 130

# What the table holds whatever is asked for; naming one asks for nothing more.
ALWAYS = ("content", "also_liked", "history_sum")


def _epilog() -> str:
    width = max(map(len, METHODS), default=0)
    names = "\n".join(
        f"  {name:{width}}  {method.summary}{' (slow)' if method.slow else ''}" for name, method in METHODS.items()
    )
    return (
        "splits:\n"
        "  time    the latest tenth of the actions is hidden (a random tenth where no times are known)\n"
        "  last    each user's last action is hidden\n"
        "  random  a random tenth is hidden; adds the rating error where actions carry a value\n"
        f"\nmethods, besides what pages use:\n{names}\n"
        "\nexample:\n  manage.py evaluate --split last --json var/evaluation.json"
    )


class Command(ExplainedCommand):
    """Hides part of the log and lets every method guess it."""

    help = "Score every method and the trivial baselines on the shop's own log."
    epilog = _epilog()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("--split", choices=["time", "last", "random"], default="time", help="default: time")
        parser.add_argument("--seed", type=int, default=0, help="where all chance comes from (default: 0)")
        parser.add_argument(
            "--methods",
            nargs="+",
            metavar="NAME",
            choices=sorted({*METHODS, *ALWAYS}),
            help="only these, besides what pages use and the baselines (default: all)",
        )
        parser.add_argument("--fast", action="store_true", help="leave the slow methods out")
        parser.add_argument("--json", type=Path, metavar="F", help="write the figures to this file")

    def handle(self, **options: Any) -> None:
        """Evaluate and print the table."""
        from recommender.retraining.judging import evaluate_shop

        if options["seed"] < 0:
            raise CommandError("--seed must not be negative.")
        if options["json"]:
            prepare_json_path(options["json"])
        named = options["methods"] or METHODS
        chosen = [name for name in named if name in METHODS and not (options["fast"] and METHODS[name].slow)]
        try:
            report = evaluate_shop(split=options["split"], seed=options["seed"], methods=chosen, say=self._say)
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted; nothing was changed.", returncode=INTERRUPTED) from error
        self._say(table(report))
        version = record_evaluation(report.split, report.to_json())
        if version is not None:
            self._say(f"Drawn in the admin: report of model version {version}.")
        if options["json"]:
            write_json(options["json"], report.to_json())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
