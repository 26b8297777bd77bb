"""The form for a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.reviews.models import LONGEST_AUTHOR, LONGEST_TEXT, LONGEST_TITLE
from shop.reviews.services import Opinion

if TYPE_CHECKING:
    from shop.reviews.models import Review

STARS = (
    (5, _("5 stars: could not be better")),
    (4, _("4 stars: good")),
    (3, _("3 stars: all right")),
    (2, _("2 stars: not good")),
    (1, _("1 star: do not")),
)


class ReviewForm(forms.Form):
    """Stars, words, and the name to show with them."""

    stars = forms.TypedChoiceField(
        label=_("How many stars?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose from one to five stars.")},
    )
    title = forms.CharField(label=_("In one line (optional)"), max_length=LONGEST_TITLE, required=False)
    text = forms.CharField(
        label=_("Your review"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What is it like to use? Would you buy it again?"),
        error_messages={"required": _("Please write a few words.")},
    )
    author = forms.CharField(
        label=_("Name to show with it (optional)"),
        max_length=LONGEST_AUTHOR,
        required=False,
        help_text=_("Everybody can read it. Without one it says A shopper."),
    )

    def __init__(self, *args: Any, review: Review | None = None, **kwargs: Any) -> None:
        if review is not None:
            kwargs["initial"] = {name: getattr(review, name) for name in ("stars", "title", "text", "author")}
        super().__init__(*args, **kwargs)

    def opinion(self) -> Opinion:
        """What the valid form says."""
        return Opinion(**self.cleaned_data)
