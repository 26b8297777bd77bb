"""Going back: refunds that are due are taken back, and orders and returns stand where they stood before."""

from django.db import migrations


def say_it_in_old_words(apps, schema_editor):
    """What waits for a refund is paid or approved again; money that went back unheard is the provider's to tell."""
    order = apps.get_model("orders", "Order")
    payment = apps.get_model("orders", "Payment")
    request = apps.get_model("orders", "ReturnRequest")
    order.objects.filter(status="cancelling").update(status="paid")
    request.objects.filter(status="refunding").update(status="approved", amount=None)
    payment.objects.filter(outcome="due").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_refunds_due"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, say_it_in_old_words),
    ]
