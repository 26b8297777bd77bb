import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.EmailField(
                        blank=True,
                        help_text="Empty: to nobody. It is thrown away where others are sent.",
                        max_length=254,
                        verbose_name="recipient",
                    ),
                ),
                ("template", models.CharField(max_length=100, verbose_name="letter")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("html", models.TextField(verbose_name="HTML")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "about",
                    models.CharField(
                        blank=True,
                        help_text="Whose letter it is; it goes when they are forgotten.",
                        max_length=100,
                        verbose_name="about",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_attempt_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt"),
                ),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="given up")),
                ("problem", models.CharField(blank=True, max_length=500, verbose_name="last problem")),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("failed_at", None)), fields=["next_attempt_at", "id"], name="letter_due"
                    ),
                    models.Index(
                        condition=models.Q(("about", ""), _negated=True), fields=["about"], name="letter_about"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("attempts__gte", 0)), name="letter_attempts_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failed_at", None), models.Q(("problem", ""), _negated=True), _connector="OR"
                        ),
                        name="letter_failed_says_why",
                    ),
                ],
            },
        ),
    ]
