"""One e-mail for one delivery: short, in the recipient's language, without phone number or address of a lead."""

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import User
from notifications import queries, words
from notifications.dispatch import MOST_MAILS
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
            "waiting": _waiting(recipient),
            "inbox_url": settings.BASE_URL + reverse("notifications"),
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


def _waiting(recipient: User) -> str:
    """How many messages nobody has read, where there may be some that no e-mail was written for; "" otherwise."""
    unread = queries.unread_count(recipient)
    if unread < MOST_MAILS:
        return ""
    return f"{queries.COUNTED}+" if unread > queries.COUNTED else str(unread)


def message_id(delivery: Delivery) -> str:
    """The same for every attempt."""
    return f"<delivery-{delivery.pk}@{urlsplit(settings.BASE_URL).hostname}>"
