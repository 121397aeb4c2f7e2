"""{{ delivery|about }} and {{ delivery|detail }}: whom or what a notification is about, and what else it says."""

from django import template

from notifications.words import about, detail

register = template.Library()
register.filter("about", about)
register.filter("detail", detail)
