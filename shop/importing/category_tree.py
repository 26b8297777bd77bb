"""Finds categories by the names on the way to them, and makes up the missing ones."""

from __future__ import annotations

from shop.catalogue.models import SLUG_LENGTH, Category, make_slug


class CategoryTree:
    """All categories, with those an import needs and the shop doesn't have yet.

    Names are the same category whatever their case. Two names that make the
    same slug (``C`` and ``C++``) stay two categories: the later slug gets a number.
    """

    def __init__(self) -> None:
        self._by_name: dict[tuple[int | None, str], Category] = {}
        self._paths: set[str] = set()
        self._new: list[Category] = []
        by_key = {category.pk: category for category in Category.objects.order_by("path")}
        for category in by_key.values():
            parent = by_key.get(category.parent_id) if category.parent_id else None
            self._by_name.setdefault(self._key(parent, category.name), category)
            self._paths.add(category.path)

    def find(self, names: tuple[str, ...]) -> Category | None:
        """The category at the end of the way, unsaved where it is new; None for no names."""
        category = None
        for name in names:
            category = self._by_name.get(self._key(category, name)) or self._make(category, name)
        return category

    def save_new(self) -> None:
        """Save the missing categories, parents first."""
        for category in self._new:
            category.parent = category.parent  # takes over the key the parent has by now
            category.save()
        self._new.clear()

    def _make(self, parent: Category | None, name: str) -> Category:
        """A new category whose path nobody has."""
        slug = make_slug(name)
        place = f"{parent.path}/" if parent else ""
        number = 1
        while f"{place}{slug}" in self._paths:
            number += 1
            slug = f"{make_slug(name)[: SLUG_LENGTH - 6]}-{number}"
        category = Category(name=name, parent=parent, slug=slug, path=f"{place}{slug}")
        self._paths.add(category.path)
        self._by_name[self._key(parent, name)] = category
        self._new.append(category)
        return category

    @staticmethod
    def _key(parent: Category | None, name: str) -> tuple[int | None, str]:
        """What makes a name unique; objects stay alive in the tree, so their identity holds."""
        return (id(parent) if parent else None), name.casefold()
