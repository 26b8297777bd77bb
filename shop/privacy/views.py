"""What is recorded and why, the visitor's say in it, and all of it to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.actions.erasing import actions_of
from shop.privacy.records import Record, export_of, kind_choices, kind_named

if TYPE_CHECKING:
    from django.http import HttpRequest

RECORDS_PER_PAGE = 30


@never_cache
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the shop keeps of whom, for what and for how long; and the two switches."""
    return render(request, "privacy/privacy.html")


@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Keep the visitor's answer to whether they may be recorded, and go back to where they were."""
    answer = request.POST.get("answer")
    if answer not in {"yes", "no"}:
        return HttpResponseBadRequest("answer must be yes or no", content_type="text/plain; charset=utf-8")
    visitor = visitor_of(request)
    visitor.answer_consent(agreed=answer == "yes")
    if answer == "yes":
        messages.success(request, _("Thank you. You can change your mind at any time under Privacy."))
    else:
        # What the browser itself remembers is there to arrange shelves by: it goes with the wish.
        visitor.forget_cookies()
        messages.success(
            request, _("Nothing you do is recorded from now on. Favourites, cart and orders work as before.")
        )
    return redirect(return_address(request, default="privacy:privacy"))


@require_POST
def personalisation(request: HttpRequest) -> HttpResponse:
    """Switch shelves that are arranged for the visitor on or off."""
    on = request.POST.get("on") == "1"
    visitor = visitor_of(request)
    visitor.switch_personalisation(on=on)
    if on:
        messages.success(request, _("Shelves are arranged for you again."))
    else:
        visitor.forget_cookies()
        messages.success(request, _("Shelves are the same for you as for everybody now."))
    return redirect(return_address(request, default="privacy:privacy"))


@never_cache
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every action that was recorded of the visitor, to look through and to erase."""
    shopper = visitor_of(request).shopper
    kind = kind_named(request.GET.get("kind", ""))
    actions = actions_of(shopper).select_related("item__cover", "item__category")
    if kind is not None:
        actions = actions.filter(kind=kind)
    page = Paginator(actions, RECORDS_PER_PAGE).get_page(request.GET.get("page"))
    choices = kind_choices(shopper, kind)
    context = {
        "page": page,
        "records": [Record(action) for action in page],
        "choices": choices,
        "kind": kind.name.lower() if kind is not None else "",
        "count": choices[0].count,
    }
    return render(request, "privacy/data.html", context)


@never_cache
@require_safe
def export(request: HttpRequest) -> JsonResponse:
    """Everything as one JSON file to keep."""
    response = JsonResponse(
        export_of(request), encoder=DjangoJSONEncoder, json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response.headers["Content-Disposition"] = f'attachment; filename="vitrine-{timezone.localdate().isoformat()}.json"'
    return response
