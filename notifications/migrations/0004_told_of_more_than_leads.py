import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

NOTICE_ONCE = models.UniqueConstraint(
    condition=Q(notice__isnull=False), fields=("notice", "channel", "recipient"), name="delivery_notice_once"
)
ONE_THING = models.CheckConstraint(
    condition=Q(event__isnull=False, lead__isnull=False, notice=None) | Q(event=None, lead=None, notice__isnull=False),
    name="delivery_is_about_one_thing",
)


class Migration(migrations.Migration):
    """People are told of things that are about no lead. Nothing here rewrites the table or stops who writes to it."""

    atomic = False
    dependencies = [("accounts", "0003_notice"), ("notifications", "0003_kinds_of_the_agreement")]

    operations = [
        migrations.AddField(
            "preference",
            "email_house",
            models.BooleanField(
                default=True,
                verbose_name="the agreement, weekly feedback, a verdict, an audit or my bonus concerns me",
            ),
        ),
        migrations.AddField(
            "delivery",
            "notice",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.notice",
            ),
        ),
        migrations.AlterField(
            "delivery",
            "event",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.event"
            ),
        ),
        migrations.AlterField(
            "delivery",
            "lead",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="leads.lead"
            ),
        ),
        migrations.AlterField(
            "delivery",
            "kind",
            models.CharField(
                choices=[
                    ("lead.assigned", "A new lead for you"),
                    ("handoff.pooled", "Nobody is free for this lead"),
                    ("sla.warned", "A promise falls due soon"),
                    ("sla.breached", "A promise was not kept in time"),
                    ("reminder.call", "Time to call back"),
                    ("reminder.appointment", "Appointment soon"),
                    ("reminder.care", "Care has ended: decide"),
                    ("note.added", "You are mentioned in a note"),
                    ("sla.escalated", "A broken promise is still open"),
                    ("handoff.declined", "A rep declined a lead"),
                    ("handoff.recalled", "A lead was taken back: nobody had called"),
                    ("handoff.held", "Recalled too often: you decide who gets it"),
                    ("sla.disputed", "A broken promise is disputed"),
                    ("sla.dispute_decided", "A dispute has been decided"),
                    ("agreement.waits", "The agreement waits for your signature"),
                    ("agreement.signed", "The agreement is signed by both sides"),
                    ("agreement.in_force", "A new agreement is in force"),
                    ("feedback.due", "Weekly feedback falls due soon"),
                    ("feedback.late", "Weekly feedback was not given in time"),
                    ("feedback.given", "Sales has given its weekly feedback"),
                    ("feedback.answered", "Marketing has answered your feedback"),
                    ("verdict.disputed", "A verdict is disputed"),
                    ("verdict.dispute_decided", "The dispute of a verdict has been decided"),
                    ("bonus.approved", "Your bonus is approved"),
                    ("bonus.corrected", "Your bonus has been corrected"),
                    ("audit.reviewed", "One of your calls has been audited"),
                ],
                max_length=60,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddConstraint("delivery", NOTICE_ONCE)],
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS delivery_notice_once ON notifications_delivery"
                    " (notice_id, channel, recipient_id) WHERE notice_id IS NOT NULL",
                    "DROP INDEX CONCURRENTLY IF EXISTS delivery_notice_once",
                )
            ],
        ),
        AddConstraintNotValid("delivery", ONE_THING),
        ValidateConstraint("delivery", "delivery_is_about_one_thing"),
        # Backwards: every delivery had an event and a lead before.
        migrations.RunSQL("", "DELETE FROM notifications_delivery WHERE notice_id IS NOT NULL"),
    ]
