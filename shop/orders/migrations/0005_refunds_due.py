import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_addresses_and_consent"),
        ("orders", "0004_words_of_before"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="order",
            name="order_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="order",
            name="order_paid_has_time",
        ),
        migrations.RemoveConstraint(
            model_name="payment",
            name="payment_outcome_known",
        ),
        migrations.RemoveConstraint(
            model_name="returnrequest",
            name="return_status_known",
        ),
        migrations.AddField(
            model_name="payment",
            name="asked_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Of refunds that are due: since when somebody waits.",
                null=True,
                verbose_name="asked for",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="Of refunds.", verbose_name="attempts"),
        ),
        migrations.AddField(
            model_name="payment",
            name="request",
            field=models.ForeignKey(
                blank=True,
                help_text="Of refunds: for what came back. Empty: for the whole order.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="refunds",
                to="orders.returnrequest",
                verbose_name="return",
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="status",
            field=models.CharField(
                choices=[
                    ("pending", "waiting for payment"),
                    ("paid", "paid"),
                    ("sent", "sent"),
                    ("delivered", "delivered"),
                    ("cancelling", "being cancelled"),
                    ("cancelled", "cancelled"),
                    ("declined", "payment declined"),
                    ("expired", "not paid"),
                ],
                default="pending",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("waiting", "waiting for the shopper's bank"),
                    ("accepted", "accepted"),
                    ("declined", "declined"),
                    ("timed_out", "no answer"),
                    ("due", "refund due"),
                    ("refunded", "refunded"),
                ],
                max_length=12,
                verbose_name="outcome",
            ),
        ),
        migrations.AlterField(
            model_name="returnrequest",
            name="status",
            field=models.CharField(
                choices=[
                    ("requested", "asked for"),
                    ("approved", "approved, waiting for the parcel"),
                    ("rejected", "rejected"),
                    ("refunding", "received, refund under way"),
                    ("refunded", "received and refunded"),
                ],
                default="requested",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(condition=models.Q(("outcome", "due")), fields=["asked_at"], name="payment_due"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["pending", "paid", "sent", "delivered", "cancelling", "cancelled", "declined", "expired"],
                    )
                ),
                name="order_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["paid", "sent", "delivered", "cancelling"]), _negated=True),
                    ("paid_at__isnull", False),
                    _connector="OR",
                ),
                name="order_paid_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome__in", ["waiting", "accepted", "declined", "timed_out", "due", "refunded"])
                ),
                name="payment_outcome_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "due")), fields=("order",), name="payment_due_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["due", "refunded"]), ("request__isnull", False)),
                fields=("request",),
                name="payment_return_refunded_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["requested", "approved", "rejected", "refunding", "refunded"])),
                name="return_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "refunding"), _negated=True), ("amount__isnull", False), _connector="OR"
                ),
                name="return_refunding_has_amount",
            ),
        ),
    ]
