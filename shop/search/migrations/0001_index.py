"""The tables of the index; the triggers that keep it right are put up after every migrate (shop/search/apps.py)."""

from django.db import migrations

from shop.search.engines import engine_for


def create(apps, schema_editor):
    """Make the tables; filling them is for after the migrate, when all columns are there."""
    engine_for(schema_editor.connection.alias).create()


def drop(apps, schema_editor):
    """Take everything away again; it can all be made anew from the items."""
    engine_for(schema_editor.connection.alias).drop()


class Migration(migrations.Migration):
    initial = True
    dependencies = [("catalogue", "0002_item_variants")]
    operations = [migrations.RunPython(create, drop)]
