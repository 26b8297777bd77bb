"""Derive the facets of the items that are there already, as saving them would."""

from django.db import migrations

from shop.catalogue.facet_codes import facet_words, packed

ROWS = 500


def fill_facets(apps, schema_editor):
    """Write them in groups; ``updated_at`` stays, for nothing about an item has changed."""
    items = apps.get_model("catalogue", "Item").objects.using(schema_editor.connection.alias)
    columns = ("pk", "colour", "brand", "tag", "tags", "attributes", "facets")
    last = 0
    while group := list(items.filter(pk__gt=last).order_by("pk").only(*columns)[:ROWS]):
        for item in group:
            item.facets = packed(facet_words(item))
        items.bulk_update(group, ["facets"])
        last = group[-1].pk


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_facets_and_popularity")]

    operations = [migrations.RunPython(fill_facets, migrations.RunPython.noop, elidable=True)]
