"""``manage.py retrain``: the whole learning journey."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from recommender.bundle import BundleError
from recommender.configuration import DEFAULT_METHODS, METHODS, PARTS
from recommender.evaluation.report import table
from recommender.output_file import prepare_json_path, write_json
from shop.command_help import ExplainedCommand

# TensorFlow greets with a page of hints; what goes wrong is still told.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Half the time for a step of the picture network, and as repeatable on one machine.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

INTERRUPTED = 130


def _epilog() -> str:
    methods = "\n".join(f"  {name:20} {words}" for name, words in METHODS.items())
    parts = "\n".join(
        f"  {name:20} learned as part of {whole}; its own figures: evaluate --methods {name}"
        for name, whole in PARTS.items()
    )
    return (
        f"methods:\n{methods}\n{parts}\n\nPopularity, categories and the newest items are always counted.\n"
        "\nexample:\n  manage.py retrain --seed 7 --json var/retrain.json"
    )


class Command(ExplainedCommand):
    """Learns from the shop's pictures, words and actions, and publishes a new bundle."""

    help = "Learn from pictures, words and actions, and publish the result as a new bundle."
    epilog = _epilog()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("--seed", type=int, default=0, help="where all chance comes from (default: 0)")
        parser.add_argument(
            "--only",
            nargs="+",
            metavar="NAME",
            choices=sorted({*METHODS, *PARTS}),
            help="learn only these methods anew; the others are carried over from the active bundle",
        )
        parser.add_argument("--engine", choices=["local", "spark"], default="local", help="where to compute")
        parser.add_argument("--no-activate", action="store_true", help="publish, but keep serving the active bundle")
        parser.add_argument("--force", action="store_true", help="activate even if the gate says no; recorded")
        parser.add_argument("--json", type=Path, metavar="F", help="write what came of it to this file")

    def handle(self, **options: Any) -> None:
        """Retrain and tell what came of it."""
        if options["engine"] == "spark":
            raise CommandError("--engine spark comes in a later version; use --engine local.")
        if options["seed"] < 0:
            raise CommandError("--seed must not be negative.")
        if options["json"]:
            prepare_json_path(options["json"])
        # The stages import SciPy and more; commands that only list or show never should.
        from recommender.encoders.backbones import BackboneUnusable
        from recommender.pipeline import RetrainOptions, RetrainRunning, retrain
        from recommender.retraining.chosen import configuration_from_settings

        try:
            result = retrain(
                RetrainOptions(
                    seed=options["seed"],
                    only=frozenset(PARTS.get(name, name) for name in options["only"] or DEFAULT_METHODS),
                    activate=not options["no_activate"],
                    force=options["force"],
                    configuration=configuration_from_settings(),
                ),
                say=self._say,
            )
        except (RetrainRunning, BackboneUnusable) as error:
            raise CommandError(str(error)) from error
        except BundleError as error:
            raise CommandError(f"The bundle could not be published: {error}") from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted; nothing was changed.", returncode=INTERRUPTED) from error
        for note in result.notes:
            self._say(f"note: {note}")
        self._say(table(result.report, beside=result.active_metrics.get("methods")))
        self._say(f"Bundle {result.version} is published. {result.decision}")
        if options["json"]:
            write_json(options["json"], result.to_json())

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
