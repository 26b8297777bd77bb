import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_email_in_lower_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="full name")),
                ("street", models.CharField(max_length=300, verbose_name="street and number")),
                ("postcode", models.CharField(max_length=20, verbose_name="postcode")),
                ("city", models.CharField(max_length=200, verbose_name="city")),
                ("country", models.CharField(max_length=100, verbose_name="country")),
                ("is_default", models.BooleanField(default=False, verbose_name="used first")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="kept since")),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "ordering": ["-is_default", "id"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest")),
                ("erased_at", models.DateTimeField(verbose_name="erased")),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
            },
        ),
        migrations.AddField(
            model_name="shopper",
            name="consent",
            field=models.CharField(
                blank=True, choices=[("yes", "yes"), ("no", "no")], max_length=3, verbose_name="may be recorded"
            ),
        ),
        migrations.AddField(
            model_name="shopper",
            name="erased_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="What a browser remembers from before counts only where it is still in the stream.",
                null=True,
                verbose_name="last erased",
            ),
        ),
        migrations.AddField(
            model_name="shopper",
            name="personalised",
            field=models.BooleanField(
                default=True,
                help_text="Shelves may be arranged by what this shopper did.",
                verbose_name="personalised",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="email_verified_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty until somebody opened the link that was sent there.",
                null=True,
                verbose_name="e-mail address confirmed",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                help_text="Of pages and letters; empty: the browser's.",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AddConstraint(
            model_name="shopper",
            constraint=models.CheckConstraint(
                condition=models.Q(("consent__in", ["", "yes", "no"])), name="shopper_consent_known"
            ),
        ),
        migrations.AddField(
            model_name="address",
            name="shopper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="addresses",
                to="accounts.shopper",
                verbose_name="shopper",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("shopper",), name="address_one_default"
            ),
        ),
    ]
