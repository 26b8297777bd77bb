"""Categories, items and their pictures."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shop.catalogue.facet_codes import facet_words, packed
from shop.catalogue.titles import says_word

SLUG_LENGTH = 120


def make_slug(text: str) -> str:
    """The readable tail of an address; Chinese characters stay, ``-`` where nothing is left."""
    return slugify(text, allow_unicode=True)[:SLUG_LENGTH].strip("-") or "-"


class CategoryQuerySet(models.QuerySet["Category"]):
    """Vocabulary for walking the category tree."""

    def roots(self) -> CategoryQuerySet:
        """Categories without a parent."""
        return self.filter(parent=None)

    def below(self, path: str) -> CategoryQuerySet:
        """The category at ``path`` and everything under it."""
        return self.filter(Q(path=path) | Q(path__startswith=f"{path}/"))


class Category(models.Model):
    """A place in the category tree, addressed by the slugs on the way to it: ``apparel/shoes``."""

    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    slug = models.SlugField(_("slug"), max_length=SLUG_LENGTH, allow_unicode=True)
    path = models.CharField(_("path"), max_length=1000, unique=True, editable=False)
    translations = models.JSONField(_("translations"), default=dict, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.CheckConstraint(name="category_path_not_empty", condition=~Q(path="")),
            models.CheckConstraint(name="category_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))),
        ]

    def __str__(self) -> str:
        return self.path

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep slug and path in step with the name and the parent, down the tree."""
        self.slug = self.slug or make_slug(self.name)
        before = self.path
        self.path = f"{self.parent.path}/{self.slug}" if self.parent else self.slug
        super().save(*args, **kwargs)
        if before and before != self.path:
            for child in self.children.all():
                child.save()

    def get_absolute_url(self) -> str:
        """The page of this category."""
        return reverse("catalogue:category", kwargs={"path": self.path})

    @property
    def title(self) -> str:
        """The name in the language of the page."""
        return str(self.translations.get(get_language() or "", {}).get("name") or self.name)


# What stands in lists. Indexes of lists hold no variants, and the one of variants nothing else: nearly every item is
# nobody's variant, and an index in which nearly every entry is the same misleads the database's planner.
LISTED = Q(published=True, variant_of=None)


class ItemQuerySet(models.QuerySet["Item"]):
    """Vocabulary for choosing items."""

    def published(self) -> ItemQuerySet:
        """Items that may be seen and bought, variants too."""
        return self.filter(published=True)

    def listed(self) -> ItemQuerySet:
        """What every list, search, sitemap and panel is made of: published items that are no other item's variant."""
        return self.filter(LISTED)

    def in_stock(self) -> ItemQuerySet:
        """Items that are not sold out; one that is a frame for variants is when all of these are."""
        variants = Item.objects.filter(variant_of=OuterRef("pk"), published=True)
        is_a_choice = ~Q(variant_name="") | ~Exists(variants)
        return self.filter((is_a_choice & (Q(stock=None) | Q(stock__gt=0))) | Exists(variants.left()))

    def left(self) -> ItemQuerySet:
        """Rows that have pieces left themselves, whatever their variants have."""
        return self.filter(Q(stock=None) | Q(stock__gt=0))

    def available(self) -> ItemQuerySet:
        """Listed items that are not sold out; what recommendations may show."""
        return self.listed().in_stock()

    def in_category(self, path: str) -> ItemQuerySet:
        """Items of the category at ``path`` and of all below it."""
        # By key: the indexes of lists begin with the category's.
        return self.filter(category__in=Category.objects.below(path).order_by().values("pk"))

    def for_cards(self) -> ItemQuerySet:
        """Items with all that a card shows, in one query: no further query per card."""
        variants = Item.objects.filter(variant_of=OuterRef("pk"), published=True).order_by()
        highest = variants.values("variant_of").annotate(highest=Max("price")).values("highest")
        return self.knowing_variants().select_related("category", "cover").annotate(highest_price=Subquery(highest))

    def knowing_variants(self) -> ItemQuerySet:
        """Items that know whether they have variants, and whether any of those is left."""
        variants = Item.objects.filter(variant_of=OuterRef("pk"), published=True).order_by()
        return self.annotate(has_variants=Exists(variants), has_variants_left=Exists(variants.left()))


class Item(models.Model):
    """Something the shop shows. ``item_id`` is its public, unchangeable id: text, so ``007`` is not ``7``.

    A size or a colour that is sold on its own is an item of its own, a
    *variant*, with its own id, price, stock and pictures; ``variant_of`` is its
    *head*, under which it is shown, liked and recommended. There is one level:
    a head is nobody's variant. A head with a ``variant_name`` is itself the
    first of the choices; one without is only the frame around them.
    """

    item_id = models.CharField(_("item id"), max_length=190, unique=True)
    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, editable=False)
    title = models.CharField(_("title"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True)
    tag = models.CharField(
        _("tag"), max_length=200, blank=True, help_text=_("What it is, in a word; trains the picture model.")
    )
    tags = models.JSONField(_("all tags"), default=list, blank=True)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("category")
    )
    price = models.DecimalField(
        _("price"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: price on request; shown and recommended, but cannot be bought."),
    )
    stock = models.PositiveIntegerField(
        _("stock"), null=True, blank=True, help_text=_("Empty: not stock-managed, always available.")
    )
    brand = models.CharField(_("brand"), max_length=200, blank=True)
    colour = models.CharField(_("colour"), max_length=100, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    translations = models.JSONField(
        _("translations"),
        default=dict,
        blank=True,
        help_text=_('Per language: {"zh-hans": {"title": "…", "description": "…"}}'),
    )
    translated_text = models.TextField(editable=False, blank=True, help_text=_("All translations in one, for search."))
    image_urls = models.JSONField(_("picture addresses"), default=list, blank=True)
    cover = models.ForeignKey(
        "ItemImage", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    variant_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # found by item_variant_name_once, which holds variants alone
        related_name="variants",
        verbose_name=_("variant of"),
        help_text=_("The item under whose page this one is offered as a choice."),
    )
    variant_name = models.CharField(
        _("variant"), max_length=100, blank=True, help_text=_("What tells it from the other choices, such as a size.")
    )
    rating_average = models.DecimalField(
        _("average of stars"), max_digits=3, decimal_places=2, null=True, blank=True, editable=False
    )
    rating_count = models.PositiveIntegerField(_("reviews"), default=0, editable=False)
    facets = models.BinaryField(
        default=b"", editable=False, help_text=_("What it can be filtered by, derived; see facet_codes.")
    )
    popularity = models.PositiveBigIntegerField(
        _("popularity"), default=0, editable=False, help_text=_("The higher the more; kept by whoever counts.")
    )
    published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="item_id_not_empty", condition=~Q(item_id="")),
            models.CheckConstraint(name="item_says_something", condition=~Q(title="", description="")),
            models.CheckConstraint(name="item_price_not_negative", condition=Q(price=None) | Q(price__gte=0)),
            models.CheckConstraint(name="item_stock_not_negative", condition=Q(stock=None) | Q(stock__gte=0)),
            models.CheckConstraint(
                name="item_not_its_own_variant", condition=Q(variant_of=None) | ~Q(variant_of=F("id"))
            ),
            models.CheckConstraint(name="item_variant_has_name", condition=Q(variant_of=None) | ~Q(variant_name="")),
            models.UniqueConstraint(
                name="item_variant_name_once",
                fields=["variant_of", "variant_name"],
                condition=Q(variant_of__isnull=False),
            ),
            models.CheckConstraint(
                name="item_rating_fits_count",
                condition=Q(rating_average=None, rating_count=0)
                | Q(rating_average__isnull=False, rating_average__gte=1, rating_average__lte=5, rating_count__gte=1),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["published", "variant_of", "-created_at"], name="item_newest", condition=LISTED),
            models.Index(fields=["published", "variant_of", "price"], name="item_by_price", condition=LISTED),
            # All that a list reads of each item to count facets: it never has to open the items themselves.
            models.Index(
                fields=[
                    *("category", "published", "variant_of"),
                    *("created_at", "price", "popularity", "stock", "variant_name", "facets"),
                ],
                name="item_listing",
                condition=LISTED,
            ),
            models.Index(fields=["tag"], name="item_by_tag"),
            models.Index(fields=["updated_at"], name="item_by_change"),
        ]

    def __str__(self) -> str:
        return self.title or self.item_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is derived (slug, all tags, searchable translations) in step with what was typed.

        Raises:
            ValidationError: it would be the variant of a variant.
        """
        self.clean()
        self.derive()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a second level of variants, which no constraint of a single row can see."""
        if self.variant_of is None:
            return
        if self.variant_of.variant_of_id is not None:
            words = _("%(item)s is a variant itself; choose the item it belongs to.") % {"item": self.variant_of}
            raise ValidationError({"variant_of": words}, code="two_levels")
        if self.pk and self.variants.exists():
            words = _("%(item)s has variants of its own, so it cannot become one.") % {"item": self}
            raise ValidationError({"variant_of": words}, code="two_levels")

    def derive(self) -> None:
        """Fill the derived fields; bulk imports call it because they bypass ``save``."""
        self.slug = make_slug(self.title or self.description[:SLUG_LENGTH])
        if self.tag and (not self.tags or self.tags[0] != self.tag):
            self.tags = [self.tag, *(tag for tag in self.tags if tag != self.tag)]
        self.translated_text = "\n".join(
            text for language in self.translations.values() for text in language.values() if text
        )
        self.facets = packed(facet_words(self))

    def get_absolute_url(self) -> str:
        """The product page; the id is quoted so that any id works in an address."""
        return f"/items/{quote(self.item_id, safe='')}/{quote(self.slug)}/"

    @property
    def name(self) -> str:
        """The title in the language of the page, else the title, else the start of the description.

        A variant's says which one it is.
        """
        translated = self.translations.get(get_language() or "", {}).get("title")
        title = str(translated or self.title or self.description[:80])
        return title if self.variant_of_id is None else self._as_choice(title)

    @property
    def choice_name(self) -> str:
        """The name on a cart's or an order's line: which of the choices it is, for the head that is one of them too."""
        return self._as_choice(self.name) if self.variant_of_id is None else self.name

    @property
    def variant(self) -> str:
        """The variant's name in the language of the page."""
        translated = self.translations.get(get_language() or "", {}).get("variant")
        return str(translated or self.variant_name)

    @property
    def words(self) -> str:
        """The description in the language of the page."""
        translated = self.translations.get(get_language() or "", {}).get("description")
        return str(translated or self.description)

    @property
    def head(self) -> Item:
        """The item under which this one is shown, liked and recommended: itself, unless it is a variant."""
        return self.variant_of or self

    @property
    def head_key(self) -> int:
        """The database key of ``head``, without a query."""
        return self.variant_of_id or self.pk

    @property
    def shown_cover(self) -> ItemImage | None:
        """Its first picture; a variant without one is shown by its head's."""
        return self.cover or self.head.cover

    def _as_choice(self, title: str) -> str:
        """The title with the variant's name, unless the title says it already, as words of its own."""
        if not self.variant or says_word(title, self.variant):
            return title
        return _("%(item)s, %(variant)s") % {"item": title, "variant": self.variant}

    @property
    def is_frame(self) -> bool:
        """Only its variants can be chosen, not it itself; ``knowing_variants`` alone tells, else it counts as no."""
        return self.variant_name == "" and bool(getattr(self, "has_variants", False))

    @property
    def sold_out(self) -> bool:
        """Stock-managed and none left; of a card's item, with variants, neither of it nor of any of them."""
        return (self.stock == 0 or self.is_frame) and not getattr(self, "has_variants_left", False)

    @property
    def can_be_bought(self) -> bool:
        """Has a price, is published and has pieces left: this very row, not one of its variants."""
        return self.published and self.price is not None and self.stock != 0 and not self.is_frame

    @property
    def price_varies(self) -> bool:
        """Whether the price is that of the cheapest variant and not of all; known of a card's item.

        One that can be chosen itself has a price of its own, whatever its variants cost.
        """
        highest = getattr(self, "highest_price", None)
        return self.is_frame and highest is not None and self.price is not None and highest > self.price


class ItemImage(models.Model):
    """One picture of an item.

    The upload is kept as it came; ``renditions`` lists the widths in pixels of
    the WebP files made from it when it was saved, smallest first.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="images", verbose_name=_("item"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    file = models.ImageField(
        _("picture"), upload_to="items", width_field="width", height_field="height", max_length=300
    )
    alt_text = models.CharField(_("alternative text"), max_length=300, blank=True)
    width = models.PositiveIntegerField(_("width"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height"), editable=False, default=0)
    checksum = models.CharField(_("SHA-256"), max_length=64, editable=False, db_index=True)
    renditions = models.JSONField(_("renditions"), editable=False, default=list)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering: ClassVar = ["item_id", "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="image_has_size", condition=Q(width__gte=1, height__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.position}"
