"""The options ``--method`` and ``--visit`` that ``recommend`` and ``export_recommendations`` share."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from recommender.bundle_vectors import NAMES, read_vectors
from recommender.forgetting import without_forgotten
from recommender.method_lists import METHOD_PANELS, MethodLists
from recommender.session import Session
from shop.catalogue.models import Item


def add_method_arguments(parser: ArgumentParser) -> None:
    """The two options."""
    parser.add_argument(
        "--method",
        choices=NAMES,
        help=f"show what the vectors of this method alone give, for {', '.join(METHOD_PANELS)}; "
        "learn them first with retrain --only NAME",
    )
    parser.add_argument(
        "--visit",
        type=int,
        metavar="N",
        help="with --method: a repeat visit; another draw of nearly the best for every N, the same for the same",
    )


def check_method(options: dict[str, Any]) -> None:
    """Refuse a panel or number that does not go with a method.

    Raises:
        CommandError: says which.
    """
    if options["visit"] is not None and not options["method"]:
        raise CommandError("--visit needs --method NAME")
    if options["visit"] is not None and options["visit"] < 0:
        raise CommandError("--visit must not be negative")
    if options["method"] and options["panel"] not in METHOD_PANELS:
        raise CommandError(f"--method gives the panels {', '.join(METHOD_PANELS)}, not {options['panel']}")


def method_lists(session: Session, options: dict[str, Any]) -> MethodLists | None:
    """The lists of the method that was asked for, out of the session's bundle; none where none was.

    Raises:
        NoVectors: the bundle has none of that method.
    """
    if not options["method"]:
        return None
    published = Item.objects.listed().values_list("item_id", flat=True)
    stored = without_forgotten(read_vectors(session.bundle, options["method"]))
    return MethodLists(options["method"], stored, published=published, visit=options["visit"])
