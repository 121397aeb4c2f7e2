"""{{ event|promise }}: which promise an event is about, and until when."""

from django import template

from notifications.words import promise

register = template.Library()
register.filter("promise", promise)
