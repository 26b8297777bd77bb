"""Panels: rows of recommendations on a page.

A page names the panels it wants; all of them are filled together, so that
their cards come in one query and no item stands on a page twice while there is
something else to show. The session proposes, the rules dispose, and what is
missing is filled from the next best source. A panel never makes a page fail:
what goes wrong is counted and logged, and the shelf shows something else or
isn't there.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from recommender.bundle_files import BundleError
from recommender.counters import count
from recommender.dismissals import dismissed_ids
from recommender.drafts import Draft, choose
from recommender.explanations import MOST_CAUSES, Explanation, explain, latest_items
from recommender.panel_kinds import PANEL_KINDS, PanelKind, name_shelf
from recommender.ranking import follow
from recommender.reasons import describe_for, weightiest_kinds
from recommender.rules import PageRules
from recommender.session import Session, get_session
from recommender.types import HistoryEntry, Reason, Recommendation
from recommender.variety import daily_seed, varied
from shop.accounts.visitors import visitor_of
from shop.actions.clicks import history_of, recent_clicks
from shop.actions.models import Kind
from shop.cart.glance import cart_glance
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)

# What reading a damaged bundle can raise; anything else is a mistake in the code and should be seen.
SERVING_ERRORS = (BundleError, OSError, ValueError, IndexError)


class UnknownPanel(LookupError):
    """There is no panel of that name."""


@dataclass(frozen=True, slots=True)
class Card:
    """One recommended item as a page shows it.

    Attributes:
        item: With category and cover; showing it costs no query.
        reason: One sentence why, in the language of the page.
        recommendation: What the session said.
        panel: The panel it stands in.
        position: Its place there, first = 0.
        why: What stands behind the reason.
    """

    item: Item
    reason: str
    recommendation: Recommendation
    panel: str
    position: int
    why: Explanation = field(default_factory=Explanation)

    @property
    def score(self) -> float:
        """The recommendation's score."""
        return self.recommendation.score

    @property
    def parts(self) -> Mapping[str, float]:
        """How the score splits up."""
        return self.recommendation.reason.parts

    @property
    def link(self) -> str:
        """The product page, with where the visitor comes from."""
        return f"{self.item.get_absolute_url()}?{urlencode({'from': self.panel, 'at': self.position})}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A filled panel. ``panel`` is what was asked for; title and sentence say what it shows.

    ``bundle`` is the model version that filled it, empty for none. ``dismissible`` tells whether the visitor
    can say of a card that it is not for them.
    """

    panel: str
    title: str
    sentence: str
    cards: tuple[Card, ...]
    bundle: str = ""
    dismissible: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    """All that is known of the page and its visitor; read once for all panels.

    ``viewed`` is what the visitor only looked at, where a shelf of the page is about just that.
    """

    request: HttpRequest
    session: Session
    subjects: tuple[str, ...]
    rules: PageRules
    history: tuple[HistoryEntry, ...]
    viewed: frozenset[str] = frozenset()

    @property
    def personalised(self) -> bool:
        """Whether what the visitor did may arrange what they see."""
        return visitor_of(self.request).personalised

    @property
    def latest(self) -> tuple[str, ...]:
        """What the visitor touched last, as far as an explanation may show it."""
        return latest_items(self.history)[:MOST_CAUSES]


def panel_kind(name: str) -> PanelKind:
    """The kind of panel called ``name``.

    Raises:
        UnknownPanel: there is none.
    """
    try:
        return PANEL_KINDS[name]
    except KeyError as error:
        raise UnknownPanel(name) from error


def shelves(
    request: HttpRequest, names: Sequence[str], *, items: Sequence[Item] = (), size: int | None = None
) -> list[Shelf]:
    """The panels called ``names``, filled; those with nothing to show are left out.

    However many panels and cards: one query for the cards, one each for the
    visitor's cart, dismissals and history where they may have any, and one more
    only where a panel would otherwise be empty. For a visitor who is not to be
    known, nothing they did plays a part.

    Args:
        request: Whose cart and history count.
        names: Panels, in the order they stand on the page.
        items: What the page is about; several for ``bought_together``.
        size: Cards per panel; the panel's own number unless told.

    Raises:
        UnknownPanel: a name is none of ``PANEL_KINDS``.
    """
    kinds = [panel_kind(name) for name in names]
    page = _read_page(request, kinds, items)
    drafts = [_propose(page, kind, kinds, size or kind.size) for kind in kinds]
    cards = _fetch(drafts, {*page.subjects, *page.latest})
    choose(drafts, cards, page.rules)
    _rescue(drafts, cards, page.rules)
    return _told_apart([_finish(draft, cards, page) for draft in drafts if draft.chosen])


def _told_apart(filled: Sequence[Shelf]) -> list[Shelf]:
    """No two shelves of a page with one title, as they have where several fell back to the same source."""
    seen: Counter[str] = Counter()
    told = []
    for shelf in filled:
        seen[shelf.title] += 1
        told.append(replace(shelf, title=_nth_title(shelf.title, seen[shelf.title])))
    return told


def _nth_title(title: str, number: int) -> str:
    """The title of the first, second … shelf that is called so."""
    if number == 1:
        return title
    if number == 2:  # noqa: PLR2004 - the usual case, in words
        return _("%(title)s, continued") % {"title": title}
    return _("%(title)s, part %(number)d") % {"title": title, "number": number}


def _read_page(request: HttpRequest, kinds: Sequence[PanelKind], items: Sequence[Item]) -> _Page:
    """What the rules and the personal panels need to know."""
    visitor = visitor_of(request)
    history: tuple[HistoryEntry, ...] = ()
    if visitor.personalised and any(kind.personal for kind in kinds):
        history = tuple(HistoryEntry(point.item_id, point.kind, point.time) for point in history_of(request))
    viewed: frozenset[str] = frozenset()
    if any(kind.name == "recently_viewed" for kind in kinds):
        meant = {entry.item_id for entry in history if entry.kind != Kind.CLICK}
        viewed = frozenset(point.item_id for point in recent_clicks(request)) - meant
    subjects = tuple(item.item_id for item in items)
    rules = PageRules(
        subjects=frozenset(subjects),
        in_cart=cart_glance(request).item_ids,
        dismissed=dismissed_ids(visitor),
        purchased=frozenset(entry.item_id for entry in history if entry.kind == Kind.PURCHASE),
    )
    return _Page(request=request, session=get_session(), subjects=subjects, rules=rules, history=history, viewed=viewed)


def _propose(page: _Page, kind: PanelKind, beside: Sequence[PanelKind], size: int) -> Draft:
    """More candidates than the panel needs, best first.

    What the shelves beside are made of comes last: a fallback that repeats its neighbour helps nobody.
    """
    wanted = size * (len(beside) + 1)
    elsewhere = frozenset().union(*(other.own for other in beside if other is not kind)) - kind.own
    proposals = _ask(page, kind, wanted, page.session.without(elsewhere)) if elsewhere else []
    if len(proposals) < wanted:
        proposals = follow(proposals, _ask(page, kind, wanted, page.session), k=wanted)
    if kind.falls_back and not any(one.reason.source in kind.own for one in proposals):
        count("panel_fallback", panel=kind.name, source=proposals[0].reason.source if proposals else "nothing")
    draft = Draft(kind=kind, size=size, proposals=proposals, trials=_trials(page, kind, size))
    if kind.varied and settings.DIVERSITY:
        likeness = page.session.likeness([one.item_id for one in draft.own])
        front = varied(draft.own, likeness, diversity=settings.DIVERSITY, size=size)
        draft.proposals = front + draft.proposals[len(front) :]
    return draft


def _trials(page: _Page, kind: PanelKind, size: int) -> list[Recommendation]:
    """Items for the slots of a personal shelf that are given to what hardly anybody has seen; more than fit."""
    slots = int(size * settings.EXPLORATION)
    if kind.name != "for_you" or not slots:
        return []
    visitor = visitor_of(page.request)
    who = ""
    if page.personalised and visitor.shopper:
        who = f"shopper {visitor.shopper.pk}"
    elif page.personalised and not visitor.is_new:
        who = str(visitor.key)
    never = page.rules.never(personal=True) | {entry.item_id for entry in page.history}
    return page.session.seldom_seen(4 * slots, seed=daily_seed(who, timezone.localdate()), exclude=never)


def _ask(page: _Page, kind: PanelKind, k: int, session: Session) -> list[Recommendation]:
    """The session's answer for one panel; nothing, and a line in the log, where its bundle is damaged."""
    try:
        return _ask_session(page, kind, k, session)
    except SERVING_ERRORS:
        count("panel_failed", panel=kind.name, bundle=session.version)
        logger.exception("Panel %s could not be filled from model version %s.", kind.name, session.version)
        return []


def _ask_session(page: _Page, kind: PanelKind, k: int, session: Session) -> list[Recommendation]:
    """Ask the method that the panel stands for."""
    never = page.rules.never(personal=kind.personal)
    match kind.name:
        case "similar":
            found = session.similar(page.subjects[0], k, exclude=never)
        case "looks_like":
            found = session.looks_like(page.subjects[0], k, exclude=never)
        case "also_liked":
            found = session.also_liked(page.subjects[0], k, exclude=never)
        case "bought_together":
            found = session.bought_together(page.subjects, k, exclude=never)
        case "pick_up":
            found = session.pick_up(page.history, k, exclude=never | page.viewed)
        case "trending":
            found = session.trending(k, exclude=never)
        case "recently_viewed":
            found = _recently_viewed(page.request, k, never) if page.personalised else []
        case _:
            found = _for_you(page.history, k, session, never)
    return found


def _for_you(history: Sequence[HistoryEntry], k: int, session: Session, never: frozenset[str]) -> list[Recommendation]:
    """What is new to the visitor first; what they touched only where the shop has nothing else."""
    touched = {entry.item_id for entry in history}
    fresh = session.for_you(history, k, exclude=never | touched)
    if len(fresh) == k or not touched:
        return fresh
    return follow(fresh, session.for_you(history, k, exclude=never), k=k)


def _recently_viewed(request: HttpRequest, k: int, never: Collection[str]) -> list[Recommendation]:
    """What the visitor's own cookie remembers, latest first."""
    latest = dict.fromkeys(point.item_id for point in reversed(recent_clicks(request)) if point.item_id not in never)
    return [
        Recommendation(
            item_id=item_id, score=1 / place, reason=Reason("recently_viewed", parts={"behaviour": 1 / place})
        )
        for place, item_id in enumerate(list(latest)[:k], start=1)
    ]


def _fetch(drafts: Iterable[Draft], others: Collection[str]) -> dict[str, Item]:
    """The cards of all candidates of the page, and of the items that its reasons name, in one query."""
    wanted = {one.item_id for draft in drafts for one in (*draft.proposals, *draft.trials)}
    if not wanted:
        return {}
    wanted |= {cause for draft in drafts for one in draft.proposals for cause in one.reason.causes[:MOST_CAUSES]}
    wanted |= set(others)
    return {item.item_id: item for item in Item.objects.listed().for_cards().filter(item_id__in=sorted(wanted))}


def _rescue(drafts: Sequence[Draft], cards: dict[str, Item], rules: PageRules) -> None:
    """Where a panel stayed empty, show the newest items there: the shop has grown since the bundle, or has none."""
    empty = next((draft for draft in drafts if draft.kind.falls_back and not draft.chosen), None)
    if empty is None:
        return
    shown = {one.item_id for draft in drafts for one in draft.chosen}
    never = rules.never(personal=empty.kind.personal) | shown
    newest = Item.objects.available().exclude(item_id__in=sorted(never)).for_cards().order_by("-created_at", "-id")
    for place, item in enumerate(newest[: empty.size], start=1):
        cards[item.item_id] = item
        reason = Reason("newest", parts={"behaviour": 1 / place})
        empty.chosen.append(Recommendation(item_id=item.item_id, score=1 / place, reason=reason))


def _finish(draft: Draft, cards: Mapping[str, Item], page: _Page) -> Shelf:
    """The shelf of a filled draft, its reasons in words."""
    kinds = weightiest_kinds(page.history)
    names = {item_id: cards[item_id].name for item_id in kinds if item_id in cards}
    items = [cards[one.item_id] for one in draft.chosen]
    title, sentence = name_shelf(
        draft.kind, draft.chosen, [item.category.title if item.category else "" for item in items]
    )
    return Shelf(
        panel=draft.kind.name,
        title=title,
        sentence=sentence,
        bundle=page.session.version,
        dismissible=page.personalised,
        cards=tuple(
            Card(
                item=item,
                reason=describe_for(one, names=names, kinds=kinds),
                recommendation=one,
                panel=draft.kind.name,
                position=place,
                why=explain(one, cards=cards, kinds=kinds, latest=page.latest, subjects=page.subjects),
            )
            for place, (item, one) in enumerate(zip(items, draft.chosen, strict=True))
        ),
    )
