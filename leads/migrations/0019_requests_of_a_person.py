import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("access", "See the data"),
    ("correct", "Correct the data"),
    ("delete", "Erase the data"),
    ("object", "Object"),
]
OBJECTED = [("calls", "Calls"), ("advertising", "Advertising"), ("processing", "Any use of the data")]
GROUNDS = [
    ("asked", "The person asked for it"),
    ("withdrawn", "Consent was withdrawn"),
    ("purpose", "Kept longer than needed"),
    ("unlawful", "Collected without a right to"),
]
CHANNELS = [
    ("phone", "By phone"),
    ("email", "By e-mail"),
    ("letter", "By letter"),
    ("person", "In person"),
    ("form", "By a form"),
    ("other", "Another way"),
]
STATES = [("open", "Still open"), ("done", "Done"), ("refused", "Refused")]

# Every erasure is a request of the kind `delete`; one that was carried out is done. Idempotent.
CLOSE = "UPDATE leads_personrequest SET state = 'done' WHERE closed_at IS NOT NULL"
# The table of erasures knew no other kind and no refusal: going back forgets them.
FORGET = "DELETE FROM leads_personrequest WHERE kind <> 'delete' OR state = 'refused'"


class Migration(migrations.Migration):
    """The register of erasures becomes the register of all requests; those it holds stay, under their numbers."""

    dependencies = [
        ("leads", "0018_what_goes_along_stands_in_each_walk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("erasure", "erasure_open_once"),
        migrations.RemoveConstraint("erasure", "erasure_done_has_person"),
        migrations.RemoveIndex("erasure", "erasure_newest"),
        migrations.RenameModel("Erasure", "PersonRequest"),
        migrations.AlterModelOptions("personrequest", {"verbose_name": "request of a person"}),
        migrations.RenameField("personrequest", "done_by", "closed_by"),
        migrations.RenameField("personrequest", "done_at", "closed_at"),
        migrations.AlterField(
            "personrequest", "closed_at", models.DateTimeField("closed", blank=True, null=True)
        ),
        migrations.AlterField("personrequest", "at", models.DateTimeField("registered")),
        migrations.AlterField(
            "personrequest", "ground", models.CharField("why", blank=True, choices=GROUNDS, default="", max_length=10)
        ),
        migrations.AddField(
            "personrequest",
            "kind",
            models.CharField("what is asked for", choices=KINDS, default="delete", max_length=7),
            preserve_default=False,
        ),
        migrations.AddField(
            "personrequest",
            "objects_to",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=OBJECTED, max_length=11),
                blank=True,
                default=list,
                size=None,
                verbose_name="objects to",
            ),
        ),
        migrations.AddField(
            "personrequest",
            "channel",
            models.CharField("how it came", choices=CHANNELS, default="other", max_length=6),
        ),
        migrations.AddField(
            "personrequest", "asked_by", models.CharField("who asked", blank=True, default="", max_length=120)
        ),
        migrations.AddField("personrequest", "note", models.TextField("note", blank=True, default="")),
        migrations.AddField(
            "personrequest", "state", models.CharField("state", choices=STATES, default="open", max_length=7)
        ),
        migrations.AddField(
            "personrequest", "reason", models.CharField("reason", blank=True, default="", max_length=500)
        ),
        migrations.RunSQL(CLOSE, FORGET),
        migrations.AddConstraint(
            "personrequest",
            models.UniqueConstraint(condition=Q(state="open"), fields=("lead", "kind"), name="request_open_once"),
        ),
        migrations.AddConstraint(
            "personrequest",
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | ~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="request_closed_has_person",
            ),
        ),
        migrations.AddConstraint(
            "personrequest",
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="request_refused_has_reason"),
        ),
        migrations.AddConstraint(
            "personrequest",
            models.CheckConstraint(
                condition=Q(kind="delete") & ~Q(ground="") | ~Q(kind="delete") & Q(ground=""),
                name="request_erasure_has_ground",
            ),
        ),
        migrations.AddConstraint(
            "personrequest",
            models.CheckConstraint(
                condition=Q(kind="object") & ~Q(objects_to=[]) | ~Q(kind="object") & Q(objects_to=[]),
                name="request_objects_to_something",
            ),
        ),
        migrations.AddIndex("personrequest", models.Index(fields=["-at", "-id"], name="request_newest")),
        migrations.AddIndex(
            "personrequest", models.Index(condition=Q(state="open"), fields=["due_on"], name="request_due")
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.CharField(choices=OBJECTED, max_length=11, verbose_name="objects to")),
                ("at", models.DateTimeField(verbose_name="since")),
                (
                    "lead",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections_made",
                        to="leads.personrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "constraints": [models.UniqueConstraint(fields=("lead", "to"), name="objection_once")],
            },
        ),
        migrations.AddField(
            "policy",
            "access_days",
            models.PositiveSmallIntegerField("days to show a person the data", default=10),
        ),
        migrations.AddField(
            "policy", "correct_days", models.PositiveSmallIntegerField("days to correct the data", default=10)
        ),
        migrations.AddField(
            "policy", "object_days", models.PositiveSmallIntegerField("days to heed an objection", default=15)
        ),
    ]
