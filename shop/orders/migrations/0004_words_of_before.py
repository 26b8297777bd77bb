"""Going back: rows that say what the tables of before have no words for are told in the old words."""

import uuid

from django.db import migrations


def say_it_in_old_words(apps, schema_editor):
    """Steps after payment become ``paid``, attempts that ended otherwise ``declined``; forgotten orders get a nobody."""
    order = apps.get_model("orders", "Order")
    payment = apps.get_model("orders", "Payment")
    shopper = apps.get_model("accounts", "Shopper")
    order.objects.filter(status__in=["sent", "delivered"]).update(status="paid")
    order.objects.filter(status="expired").update(status="declined")
    payment.objects.filter(outcome__in=["waiting", "timed_out"]).update(outcome="declined")
    for forgotten in order.objects.filter(shopper=None):
        forgotten.shopper = shopper.objects.create(user_id=f"v-{uuid.uuid4().hex}", visitor_key=uuid.uuid4())
        forgotten.save(update_fields=["shopper"])


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_shipping_tax_and_returns"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, say_it_in_old_words),
    ]
