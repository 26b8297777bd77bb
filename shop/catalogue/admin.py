"""Items, their pictures and the categories, for those who keep the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, JSONField, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.administration import AnyModelAdmin, BoundedPaginator
from shop.catalogue.choices import frames_refresh
from shop.catalogue.models import Category, Item, ItemImage
from shop.catalogue.pictures import PictureRefused, prepare_picture, rendition_url
from shop.catalogue.variant_admin import DERIVED_FIELDS, VariantFilter, VariantInline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Field, QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    AnyModelForm = forms.ModelForm[Any]
    ImageInlineBase = admin.TabularInline[ItemImage, Item]
else:
    AnyModelForm = forms.ModelForm
    ImageInlineBase = admin.TabularInline

THUMBNAIL = 56
PREVIEW = 120
FEW = 5

admin.site.site_header = _("Vitrine")
admin.site.site_title = _("Vitrine")
admin.site.index_title = _("The shop from behind")


def thumbnail(image: ItemImage | None, *, size: int = THUMBNAIL) -> SafeString | str:
    """A small picture for a list, an en dash where there is none."""
    if image is None or not image.file:
        return "–"
    width = max(1, round(size * min(1.0, image.width / max(1, image.height))))
    height = max(1, round(size * min(1.0, image.height / max(1, image.width))))
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        rendition_url(image, 2 * size),
        width,
        height,
        image.alt_text,
    )


class ItemImageForm(AnyModelForm):
    """A picture in an item's gallery; what is no usable picture is refused with the reason."""

    # Not an image field: the shop's own check knows more, and says more, than Django's.
    # And a plain input: the preview stands beside it, the name of the stored file tells nobody anything.
    file = forms.FileField(label=_("Picture"), widget=forms.FileInput(attrs={"accept": "image/*"}))

    class Meta:
        model = ItemImage
        fields = ("file", "alt_text", "position")

    def clean_file(self) -> Any:
        """Check a fresh upload the way saving will, while there is still a form to say no on."""
        upload = self.cleaned_data["file"]
        if isinstance(upload, UploadedFile):
            try:
                prepare_picture(upload, name=str(upload.name))
            except PictureRefused as refusal:
                raise ValidationError(str(refusal), code="picture_refused") from refusal
            upload.seek(0)
        return upload


class ItemImageInline(ImageInlineBase):
    """The gallery of an item."""

    model = ItemImage
    form = ItemImageForm
    extra = 1
    fields = ("preview", "file", "alt_text", "position")
    readonly_fields = ("preview",)

    @admin.display(description=_("preview"))
    def preview(self, image: ItemImage) -> SafeString | str:
        """The picture as it was saved."""
        return thumbnail(image if image.pk else None, size=PREVIEW)


class AvailabilityFilter(admin.SimpleListFilter):
    """What must be ordered again, and what cannot be bought."""

    title = _("availability")
    parameter_name = "availability"
    CONDITIONS: ClassVar[dict[str, tuple[Any, Q]]] = {
        "sold-out": (_("sold out"), Q(stock=0)),
        "few": (_("few left"), Q(stock__gt=0, stock__lte=FEW)),
        "no-price": (_("without a price"), Q(price=None)),
        "no-picture": (_("without a picture"), Q(cover=None)),
        "unmanaged": (_("not stock-managed"), Q(stock=None)),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002 - Django's signature
        """The choices, in the order of urgency."""
        return [(name, label) for name, (label, _condition) in self.CONDITIONS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:  # noqa: ARG002 - Django's signature
        """The items in that state."""
        chosen = self.CONDITIONS.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class DepartmentFilter(admin.SimpleListFilter):
    """Top categories: short even where the tree is large."""

    title = _("department")
    parameter_name = "department"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django's signature
        """The roots of the tree."""
        return [(category.path, category.title) for category in Category.objects.roots()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002 - Django's signature
        """The items below that root."""
        path = self.value()
        return queryset.in_category(path) if path else queryset


@admin.register(Item)
class ItemAdmin(AnyModelAdmin):
    """Items. Saving writes only what was changed, so stock sold meanwhile is not brought back."""

    list_display = ("picture", "title_or_id", "item_id", "category", "tag", "price", "stock", "published", "updated_at")
    list_display_links = ("picture", "title_or_id")
    # Not the stock: a list that was opened before a sale would write the old number back.
    list_editable = ("price", "published")
    list_filter = ("published", AvailabilityFilter, VariantFilter, DepartmentFilter)
    list_select_related = ("category", "cover")
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("item_id", "title", "tag", "brand", "colour", "translated_text")
    search_help_text = _("Id, title, tag, brand or colour")
    ordering = ("-id",)
    autocomplete_fields = ("category", "variant_of")
    inlines = (ItemImageInline, VariantInline)
    actions = ("publish", "unpublish")
    save_on_top = True
    readonly_fields = ("slug", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("item_id", "title", "description", "category", "published")}),
        (_("Sale"), {"fields": (("price", "stock"), ("variant_of", "variant_name"))}),
        (_("Properties"), {"fields": (("tag", "brand", "colour"), "tags", "attributes")}),
        (_("Other languages"), {"fields": ("translations",), "classes": ("collapse",)}),
        (_("Origin"), {"fields": ("image_urls", "slug", "created_at", "updated_at"), "classes": ("collapse",)}),
    )

    @admin.display(description=_("picture"))
    def picture(self, item: Item) -> SafeString | str:
        """The cover, small."""
        return thumbnail(item.cover)

    @admin.display(description=_("title"), ordering="title")
    def title_or_id(self, item: Item) -> str:
        """A name for every item."""
        return item.name or item.item_id

    @admin.action(description=_("Show in the shop"))
    def publish(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        """Publish the chosen items."""
        self._set_published(request, queryset, published=True)

    @admin.action(description=_("Hide from the shop"))
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        """Hide the chosen items; carts and orders keep theirs."""
        self._set_published(request, queryset, published=False)

    def get_inlines(self, request: HttpRequest, obj: Item | None) -> Any:
        """A variant has no variants."""
        inlines = super().get_inlines(request, obj)
        return inlines if obj is None or obj.variant_of_id is None else [ItemImageInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> tuple[str, ...]:
        """The public id is chosen once: imports, links and models know the item by it."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if obj is None else ("item_id", *fields)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting in bulk: it would take what shoppers did along."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        """An item with a history is hidden, not deleted."""
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        sold = obj.order_lines.exists() or obj.variants.filter(order_lines__isnull=False).exists()
        return not (sold or obj.actions.exists())

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Fields of a fitting size; the form knows which stock it was opened with.

        So that it can tell a correction from a number that has grown old.
        """
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "stock":
            field.show_hidden_initial = True
        elif db_field.name == "price":
            field.widget.attrs["class"] = "vIntegerField"
        elif isinstance(db_field, JSONField):
            field.widget.attrs["rows"] = 3
        return field

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Write the changed fields alone."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        obj.save(update_fields={*form.changed_data, *DERIVED_FIELDS})
        if "published" in form.changed_data:
            obj.variants.update(published=obj.published, updated_at=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Once variants are written too, let the price of their frame follow."""
        super().save_related(request, form, formsets, change)
        frames_refresh([form.instance.head_key])

    def _set_published(self, request: HttpRequest, queryset: QuerySet[Item], *, published: bool) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        with_variants = Item.objects.filter(Q(pk__in=keys) | Q(variant_of__in=keys)).exclude(published=published)
        changed = with_variants.update(published=published, updated_at=timezone.now())
        text = ngettext("%(count)d item changed.", "%(count)d items changed.", changed) % {"count": changed}
        self.message_user(request, text, messages.SUCCESS)


class CategoryForm(AnyModelForm):
    """A place in the tree that is free, and not below itself."""

    class Meta:
        model = Category
        fields = ("name", "parent", "slug", "translations")

    def clean(self) -> dict[str, Any]:
        """Refuse circles and addresses that are taken; both would only show when saving."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parent, slug, before = cleaned.get("parent"), cleaned.get("slug"), self.instance.path
        if parent is not None and before and Category.objects.below(before).filter(pk=parent.pk).exists():
            raise ValidationError({"parent": _("A category cannot be below itself.")}, code="circle")
        if slug:
            path = f"{parent.path}/{slug}" if parent else slug
            if Category.objects.filter(path=path).exclude(pk=self.instance.pk).exists():
                raise ValidationError({"slug": _("There is such a category already.")}, code="taken")
        return cleaned


@admin.register(Category)
class CategoryAdmin(AnyModelAdmin):
    """The category tree."""

    form = CategoryForm
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    list_display = ("path", "name", "item_count")
    list_per_page = 100
    search_fields = ("path", "name")
    autocomplete_fields = ("parent",)
    readonly_fields = ("path",)
    fields = ("name", "parent", "slug", "path", "translations")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """With the number of items, in the same query."""
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(items_within=Count("items"))

    @admin.display(description=_("items"), ordering="items_within")
    def item_count(self, category: Category) -> int:
        """How many items are filed right here."""
        return int(getattr(category, "items_within", 0))
