"""The page on which the dummy provider's bank asks the shopper; the second step of a payment."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shop.orders.payments.dummy import ANSWER, CONFIRMED, DENIED, DummyProvider, read_question, sign_answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest, question: str) -> HttpResponse:
    """Ask; go back to the shop with the signed answer. There is no such page where play money is not taken."""
    if DummyProvider.name != settings.PAYMENT_PROVIDER:
        raise Http404
    try:
        asked = read_question(question)
    except BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        word = CONFIRMED if request.POST.get("word") == CONFIRMED else DENIED
        joint = "&" if "?" in asked["back"] else "?"
        query = urlencode({ANSWER: sign_answer(asked["reference"], word)})
        return HttpResponseRedirect(f"{asked['back']}{joint}{query}")
    return render(request, "orders/bank.html", {"asked": asked, "amount": Decimal(asked["amount"])})
