"""One e-mail for one delivery: short, in the recipient's language, without phone number or address of a lead."""

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from notifications import words
from notifications.models import Delivery


def compose(delivery: Delivery, *, last_action: str | Promise) -> EmailMultiAlternatives:
    """The message, ready to send. Its Message-ID is the delivery's: mailers can drop one that comes twice."""
    recipient = delivery.recipient
    with translation.override(recipient.language):
        context = {
            "delivery": delivery,
            "lead": delivery.lead,
            "headline": words.headline(delivery),
            "about": words.about(delivery),
            "promise": words.detail(delivery),
            "last_action": last_action,
            "url": settings.BASE_URL + delivery.path,
            "preferences_url": settings.BASE_URL + reverse("notification_preferences"),
        }
        message = EmailMultiAlternatives(
            subject=words.subject(delivery),
            body=render_to_string("notifications/email/message.txt", context).strip() + "\n",
            to=[formataddr((" ".join(recipient.full_name.split()), recipient.email))],
            headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("notifications/email/message.html", context), "text/html")
    return message


def message_id(delivery: Delivery) -> str:
    """The same for every attempt."""
    return f"<delivery-{delivery.pk}@{urlsplit(settings.BASE_URL).hostname}>"
