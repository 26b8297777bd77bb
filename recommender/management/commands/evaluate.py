"""``manage.py evaluate``: every method and the trivial baselines on the shop's own log."""

from __future__ import annotations

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from recommender.evaluation.report import table


class Command(BaseCommand):
    """Hides part of the log and lets every method guess it."""

    help = "Score every method and the trivial baselines on the shop's own log."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        """Help that ends with an example."""
        epilog = (
            "splits:\n"
            "  time    the latest tenth of the actions is hidden (a random tenth where no times are known)\n"
            "  last    each user's last action is hidden\n"
            "  random  a random tenth is hidden; adds the rating error where actions carry a value\n"
            "\nexample:\n  manage.py evaluate --split last --json var/evaluation.json"
        )
        return super().create_parser(
            prog_name, subcommand, epilog=epilog, formatter_class=RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("--split", choices=["time", "last", "random"], default="time", help="default: time")
        parser.add_argument("--json", type=Path, metavar="F", help="write the figures to this file")

    def handle(self, **options: Any) -> None:
        """Evaluate and print the table."""
        from recommender.retraining.judging import evaluate_shop

        report = evaluate_shop(split=options["split"])
        self.stdout.write(table(report))
        if options["json"]:
            text = json.dumps(report.to_json(), indent=2, ensure_ascii=False)
            options["json"].write_text(f"{text}\n", encoding="utf-8")
