import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person(**more):
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **more
    )


class Migration(migrations.Migration):
    """Cadence, appointments, files: what a rep's day needs beside calls. New columns have defaults; nothing is rewritten."""

    dependencies = [
        ("leads", "0007_merged_contacts_and_unknown_amounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "handoff",
            "care_until",
            models.DateTimeField(blank=True, null=True, verbose_name="cared for until"),
        ),
        migrations.AddField(
            "policy",
            "care_days",
            models.PositiveSmallIntegerField(
                default=30, verbose_name="days of care without progress until the rep decides"
            ),
        ),
        migrations.AddField(
            "policy",
            "quiet_days",
            models.PositiveSmallIntegerField(
                default=14, verbose_name="days without a touch until a lead counts as quiet"
            ),
        ),
        migrations.AddField(
            "policy",
            "reminder_minutes",
            models.PositiveSmallIntegerField(default=30, verbose_name="minutes before an appointment to remind"),
        ),
        migrations.AddField(
            "policy",
            "call_address",
            models.CharField(
                default="tel:{phone}",
                help_text="{phone} is the number as +84912345678, {local} as 0912345678.",
                max_length=300,
                verbose_name="address that calls",
            ),
        ),
        migrations.AlterField(
            "call",
            "recording_url",
            models.URLField(blank=True, default="", max_length=500, verbose_name="recording"),
        ),
        migrations.CreateModel(
            "Reminder",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("call", "Call back"), ("appointment", "Appointment"), ("care", "End of care")],
                        max_length=12,
                    ),
                ),
                (
                    "subject",
                    models.BigIntegerField(default=0, help_text="Id of the appointment or hand-off; 0 for a call."),
                ),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(done_at=None), fields=["due_at"], name="reminder_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("lead", "kind", "subject"), name="reminder_once"),
                ],
            },
        ),
        migrations.CreateModel(
            "CalendarFeed",
            [
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="calendar_feed",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            "Attachment",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("stored", models.FileField(max_length=200, upload_to="leads/%Y/%m")),
                ("kind", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", person(null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="leads.lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "indexes": [models.Index(fields=["lead", "-at"], name="attachment_by_lead")],
            },
        ),
        migrations.CreateModel(
            "Appointment",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="time")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes",
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="place")),
                ("link", models.URLField(blank=True, default="", max_length=500, verbose_name="online link")),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("planned", "Upcoming"),
                            ("held", "Took place"),
                            ("no_show", "Did not come"),
                            ("cancelled", "Called off"),
                        ],
                        default="planned",
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("result", models.TextField(blank=True, default="", verbose_name="what came of it")),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("created_by", person(null=True)),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="leads.lead",
                    ),
                ),
                ("owner", person(verbose_name="with")),
            ],
            options={
                "verbose_name": "appointment",
                "indexes": [
                    models.Index(fields=["owner", "starts_at"], name="appointment_by_owner"),
                    models.Index(fields=["lead", "-starts_at"], name="appointment_by_lead"),
                    models.Index(fields=["starts_at"], name="appointment_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(minutes__gte=1, minutes__lte=1440), name="appointment_length"
                    ),
                ],
            },
        ),
    ]
