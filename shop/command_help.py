"""The help of the shop's commands: lines stay as they were written, and an example ends it."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class ExplainedCommand(BaseCommand):
    """A command whose ``--help`` ends with ``epilog``.

    Attributes:
        epilog: An example and what else helps, with its line breaks.
    """

    epilog: str = ""

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """Django's parser, which keeps the lines of help and epilog."""
        if self.epilog:
            options.setdefault("epilog", self.epilog)
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **options)
