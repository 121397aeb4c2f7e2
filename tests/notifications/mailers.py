"""Mail servers as they are on a bad day: the foreign part, stood in for."""

import smtplib

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Memory


class Refusing(BaseEmailBackend):
    """Says no to every message."""

    def send_messages(self, messages):
        raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})


class Unreachable(BaseEmailBackend):
    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")

    def send_messages(self, messages):
        raise AssertionError("never reached")


class Moody(Memory):
    """Refuses every second message."""

    calls = 0

    def send_messages(self, messages):
        Moody.calls += 1
        if Moody.calls % 2:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)


class Deadly(Memory):
    """Sends, and takes the worker down with it before anything is recorded."""

    def send_messages(self, messages):
        super().send_messages(messages)
        raise KeyboardInterrupt


PLACE = "tests.notifications.mailers."
