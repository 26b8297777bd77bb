"""Where an action came from: which panel, which place in it, which model version.

Links in a panel carry ``?from=<panel>&at=<position>``; forms repeat both as
fields. What a browser sends is checked here, so that nothing unknown gets into
the stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shop.accounts.visitors import visitor_of
from shop.actions.hooks import source_version

if TYPE_CHECKING:
    from django.http import HttpRequest

PANELS = frozenset(
    {
        "similar",
        "looks_like",
        "also_liked",
        "for_you",
        "bought_together",
        "pick_up",
        "trending",
        "recently_viewed",
        "photo",
    }
)
PLACES = PANELS | {"category", "search", "favourites"}
HIGHEST_POSITION = 999


@dataclass(frozen=True, slots=True)
class ActionSource:
    """Where an action came from.

    Attributes:
        panel: Panel or list the item was found in; empty where unknown.
        position: Place in it, first = 0.
        bundle: Version of the model that made the panel.
        recorded: Whether the action may be kept at all; see ``Visitor.may_be_recorded``.
    """

    panel: str = ""
    position: int | None = None
    bundle: str = ""
    recorded: bool = True


UNKNOWN_SOURCE = ActionSource()


def source_of(request: HttpRequest) -> ActionSource:
    """Read ``from`` and ``at`` of a request; unknown panels and odd positions count as absent."""
    recorded = visitor_of(request).may_be_recorded
    panel = request.POST.get("from") or request.GET.get("from") or ""
    if panel not in PLACES:
        return ActionSource(recorded=recorded)
    return ActionSource(
        panel=panel,
        position=_position(request.POST.get("at") or request.GET.get("at") or ""),
        bundle=source_version() if panel in PANELS else "",
        recorded=recorded,
    )


def _position(text: str) -> int | None:
    if not text.isascii() or not text.isdigit() or len(text) > len(str(HIGHEST_POSITION)):
        return None
    return int(text)
