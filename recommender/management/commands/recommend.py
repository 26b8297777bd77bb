"""``manage.py recommend``: what a panel would show, as a small table."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommender.bundle_vectors import NoVectors
from recommender.exporting import PANELS, PURCHASE, USER_PANELS
from recommender.method_options import add_method_arguments, check_method, method_lists
from recommender.photos import open_photo
from recommender.reasons import describe_for, weightiest_kinds
from recommender.session import NoPictureEncoder, Session, get_session
from recommender.types import Contribution, HistoryEntry, Recommendation
from recommender.vector_lists import NoUserVectors
from shop.accounts.models import Shopper
from shop.actions.models import Action
from shop.catalogue.models import Item

PICTURE_PANELS = ("looks_like", "photo")
TITLE_WIDTH = 40
KIND_NAMES = ("click on", "favourite", "cart with", "purchase of")
TOLERANCE = 1e-5


class Command(BaseCommand):
    """Asks the session and prints the answer; unpublished items are left out, stock and carts are not looked at."""

    help = (
        "Print what a panel recommends for an item, a shopper or a photo. "
        "Example: manage.py recommend --panel similar --item mug-017 -k 5 --explain"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, which panel, how many."""
        parser.add_argument("--panel", required=True, choices=PANELS)
        whom = parser.add_mutually_exclusive_group()
        whom.add_argument("--item", metavar="ID", help="for an item panel")
        whom.add_argument("--user", metavar="ID", help="for for_you and pick_up")
        whom.add_argument("--photo", type=Path, metavar="FILE", help="for looks_like or photo")
        parser.add_argument("-k", type=int, default=10, help="how many (default: 10)")
        parser.add_argument("--explain", action="store_true", help="split every score into its parts, name its causes")
        add_method_arguments(parser)

    def handle(self, **options: Any) -> None:
        """Ask and print."""
        if options["k"] < 1:
            raise CommandError(f"-k must be at least 1, not {options['k']}")
        check_method(options)
        session = get_session()
        if not session.version:
            raise CommandError("no model version is active; run manage.py retrain first")
        published = Item.objects.listed().values_list("item_id", flat=True)
        history = _history(_needed(options, "user")) if options["panel"] in USER_PANELS else []
        found = self._ask(session.among(published), history, options)
        explained = (
            {one.item_id: _contributions(session, one, history) for one in found} if options["explain"] else None
        )
        self._print(found, kinds=weightiest_kinds(history), explained=explained)

    def _ask(self, session: Session, history: list[HistoryEntry], options: dict[str, Any]) -> list[Recommendation]:
        """The panel's answer.

        Raises:
            CommandError: the panel and what it is for do not go together, or the latter is not there.
        """
        panel, k = options["panel"], options["k"]
        if options["method"]:
            return _by_method(session, history, options)
        if panel == "trending":
            return session.trending(k)
        if panel in USER_PANELS:
            return _for_shopper(session, panel, history, k)
        if options["photo"] and panel in PICTURE_PANELS:
            return _for_photo(session, options["photo"], k)
        if panel == "photo":
            raise CommandError("panel photo needs --photo FILE")
        item_id = _needed(options, "item")
        if not Item.objects.filter(item_id=item_id).exists():
            raise CommandError(f"there is no item {item_id}")
        methods = {
            "similar": session.similar,
            "looks_like": session.looks_like,
            "also_liked": session.also_liked,
            "bought_together": session.bought_together,
        }
        return methods[panel](item_id, k)

    def _print(
        self, found: list[Recommendation], *, kinds: dict[str, int], explained: dict[str, list[Contribution]] | None
    ) -> None:
        if not found:
            self.stdout.write("Nothing to recommend.")
            return
        wanted = {one.item_id for one in found} | {cause for one in found for cause in one.reason.causes}
        titles = {item.item_id: item.name for item in Item.objects.filter(item_id__in=wanted)}
        width = max(len("item"), *(len(one.item_id) for one in found))
        self.stdout.write(f"{'':>3}  {'item':{width}}  {'score':>10}  {'title':{TITLE_WIDTH}}  why")
        for place, one in enumerate(found, start=1):
            title = titles.get(one.item_id, "")[:TITLE_WIDTH]
            self.stdout.write(
                f"{place:>3}  {one.item_id:{width}}  {one.score:>10.5f}  {title:{TITLE_WIDTH}}  {describe_for(one, names=titles, kinds=kinds)}"
            )
            if explained is not None:
                self._print_parts(one, explained[one.item_id], margin=width + 5, kinds=kinds)

    def _print_parts(
        self, one: Recommendation, contributions: list[Contribution], *, margin: int, kinds: dict[str, int]
    ) -> None:
        """How the score splits up; below, what each of the shopper's own items adds, where that can be proved."""
        causes = f"  because of {', '.join(one.reason.causes)}" if one.reason.causes else ""
        self.stdout.write(f"{'':{margin}}  from {one.reason.source}: {_parts(one.reason.parts)}{causes}")
        for each in contributions:
            kind = KIND_NAMES[kinds[each.item_id]]
            self.stdout.write(f"{'':{margin}}    {kind} {each.item_id}: {each.score:.5f} = {_parts(each.parts)}")


def _parts(parts: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.5f}" for name, value in parts.items())


def _contributions(session: Session, one: Recommendation, history: list[HistoryEntry]) -> list[Contribution]:
    """What each of the shopper's items adds; nothing where that does not add up to the score, so that none is invented."""
    if one.reason.source != "history":
        return []
    now = _moment(history)
    found = session.explain(one.item_id, history, now=time.time() if now is None else now)
    whole = sum(each.score for each in found)
    return found if abs(whole - one.score) <= TOLERANCE * max(1.0, abs(one.score)) else []


def _moment(history: list[HistoryEntry]) -> float | None:
    """When the shopper did something last, where that is known."""
    return max((entry.time for entry in history if entry.time is not None), default=None)


def _by_method(session: Session, history: list[HistoryEntry], options: dict[str, Any]) -> list[Recommendation]:
    """What a method's vectors alone give; *for you* never what the shopper has touched already."""
    panel, k = options["panel"], options["k"]
    try:
        lists = method_lists(session, options)
        if lists is None:
            return []
        if panel in USER_PANELS:
            touched = {entry.item_id for entry in history}
            return lists.for_user(_needed(options, "user"), k, exclude=touched)
        return lists.for_item(panel, _needed(options, "item"), k)
    except (NoVectors, NoUserVectors) as error:
        raise CommandError(str(error)) from error


def _needed(options: dict[str, Any], name: str) -> str:
    if not options[name]:
        raise CommandError(f"panel {options['panel']} needs --{name} ID")
    return str(options[name])


def _history(user_id: str) -> list[HistoryEntry]:
    """What a shopper did, in the order it was recorded."""
    shopper = Shopper.objects.filter(user_id=user_id).first()
    if shopper is None:
        raise CommandError(f"there is no shopper {user_id}")
    rows = Action.objects.of(shopper).counted().order_by("id").values_list("item__item_id", "kind", "time")
    return [HistoryEntry(item_id, kind, time.timestamp() if time else None) for item_id, kind, time in rows]


def _for_shopper(session: Session, panel: str, history: list[HistoryEntry], k: int) -> list[Recommendation]:
    """A shopper's list right after the last action, without what was bought."""
    bought = {entry.item_id for entry in history if entry.kind == PURCHASE}
    ask = session.pick_up if panel == "pick_up" else session.for_you
    return ask(history, k, bought, now=_moment(history))


def _for_photo(session: Session, path: Path, k: int) -> list[Recommendation]:
    """Items that look like a photo."""
    try:
        return session.looks_like(open_photo(path, name=str(path)), k)
    except (OSError, ValueError, NoPictureEncoder) as error:
        raise CommandError(str(error)) from error
