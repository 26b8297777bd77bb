"""Variants on the page of their head, for those who keep the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.db.models import Field
    from django.http import HttpRequest

    AnyModelForm = forms.ModelForm[Any]
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    VariantInlineBase = admin.TabularInline[Item, Item]
else:
    AnyModelForm = forms.ModelForm
    AnyInlineFormSet = forms.BaseInlineFormSet
    VariantInlineBase = admin.TabularInline

# What follows from other fields, and so is written with them.
DERIVED_FIELDS = ("slug", "tags", "translated_text", "facets", "updated_at")


class VariantForm(AnyModelForm):
    """One choice: what tells it from the others, its price and its stock; the title is its head's."""

    class Meta:
        model = Item
        fields = ("item_id", "variant_name", "price", "stock", "published")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["variant_name"].required = True
        # Chosen once: links, orders and imports know the variant by it.
        self.fields["item_id"].disabled = bool(self.instance.pk)


class VariantFormSet(AnyInlineFormSet):
    """The choices of one head."""

    def clean(self) -> None:
        """Refuse a name that stands twice, or is the head's own; the database would only say so when saving."""
        super().clean()
        seen = {self.instance.variant_name} - {""}
        for form in self.forms:
            name = form.cleaned_data.get("variant_name") if form.is_valid() else None
            if name and name in seen:
                raise ValidationError(_("Two choices have the same name: %(name)s."), params={"name": name})
            seen.add(name)

    def save_new(self, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """A new choice is called like its head, in every language."""
        head = self.instance
        form.instance.title = head.title or head.description[:80]
        form.instance.translations = {
            language: {"title": texts["title"]} for language, texts in head.translations.items() if texts.get("title")
        }
        return super().save_new(form, commit=commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Write what was changed alone, so that pieces sold meanwhile are not brought back."""
        if commit:
            obj.save(update_fields={*form.changed_data, *DERIVED_FIELDS})
            return obj
        return super().save_existing(form, obj, commit=commit)


class VariantInline(VariantInlineBase):
    """The sizes or colours an item is sold in. One that is no longer sold is hidden; orders keep theirs."""

    model = Item
    fk_name = "variant_of"
    form = VariantForm
    formset = VariantFormSet
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name = _("variant")
    verbose_name_plural = _("variants: sizes or colours with a stock of their own")
    ordering = ("pk",)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """The form knows which stock it was opened with."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "stock":
            field.show_hidden_initial = True
        return field


class VariantFilter(admin.SimpleListFilter):
    """What stands in lists, what is a choice below it."""

    title = _("variants")
    parameter_name = "variants"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002 - Django's signature
        """Heads and variants."""
        return [("heads", _("only items of their own")), ("variants", _("only variants"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002 - Django's signature
        """One or the other."""
        return queryset if self.value() is None else queryset.filter(variant_of__isnull=self.value() == "heads")
