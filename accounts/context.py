"""What the page shell needs on every page."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils.functional import Promise, SimpleLazyObject

from accounts.menu import MENU, UNDER, Entry
from accounts.permissions import may


class Item(NamedTuple):
    label: str | Promise
    url: str
    icon: str
    key: str
    active: bool


class Section(NamedTuple):
    label: str | Promise
    items: list[Item]


def shell(request: HttpRequest) -> dict[str, Any]:
    """`menu`: the groups this person may open, made only if the page shows them.

    The menu depends on `menu_role` and `menu_here` alone, so what is drawn of it is kept by these (and the language).
    """
    user = getattr(request, "user", None)
    return {
        "menu": SimpleLazyObject(lambda: menu_for(request)),
        "menu_role": getattr(user, "role", "") if getattr(user, "is_active", False) else "",
        "menu_here": _here(request),
    }


def menu_for(request: HttpRequest) -> list[Section]:
    """Groups without an entry are left out, and so is every entry whose page this installation does not have."""
    here = _here(request)
    sections = []
    for group in MENU:
        items = [item for entry in group.entries if (item := _item(request, entry, here))]
        if items:
            sections.append(Section(group.label, items))
    return sections


def _item(request: HttpRequest, entry: Entry, here: str) -> Item | None:
    url = _addresses(get_resolver())[entry.url_name]
    if not url or not may(request.user, entry.permission):
        return None
    return Item(entry.label, url, entry.icon, entry.key, active=url == here)


def _here(request: HttpRequest) -> str:
    """The menu address that is lit on this page."""
    name = request.resolver_match.url_name if request.resolver_match else None
    return _addresses(get_resolver()).get(UNDER.get(name or "", ""), "") or _best_match(request.path)


def _best_match(path: str) -> str:
    """The menu address under which a page lies: the longest one that its own begins with."""
    urls = _addresses(get_resolver()).values()
    return max((url for url in urls if url and path.startswith(url)), key=len, default="")


@lru_cache(maxsize=4)
def _addresses(_resolver: URLResolver) -> dict[str, str]:
    """Where each entry's page lies, by its name, as long as the resolver lives; "" where there is none."""
    return {entry.url_name: _url(entry.url_name) for group in MENU for entry in group.entries}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
