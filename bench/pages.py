"""How long the pages people open take, one request after another: the time of the server.

They come before what sends and sweeps. On kept data (`--size 1m`) the hand-offs earlier runs of the same day have made
are all of today, some 22,000, where an honest day has a thousand: the overview reads today's from their rows.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib import import_module
from statistics import median

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from bench import floors
from bench.client import request, send
from bench.counting import bring_up_to_date
from bench.lives import YEAR
from bench.payloads import behaviour
from bench.table import Figure
from leads.behaviour import behave
from leads.models import Event, Lead

TIMES = 8  # each address
LONG_LOG = 500
LISTS = (
    "", "?status=new", "?stage=prospect", "?stage=sql&sort=score", "?source=Website", "?grade=B1", "?score_min=40",
    "?status=potential&source=Google+Ads", "?has_open_handoff=no&sort=score",
)  # fmt: skip
BOARDS = ("", "?source=Website", "?q=nguyen", "?owner=none")
WORDS = ("nguyen+van+linh", "cong+nghe", "0900000042", "lead4242%40", "Trần", "duong+hai+42")


def pages(port: int, *, at: datetime) -> Iterator[Figure]:
    cookie = session_cookie(User.objects.get(email="manager@leadflow.example"))
    lists = [f"/leads/{query}" for query in LISTS]
    floor = median(floors.newest_page() for _time in range(TIMES))
    yield _page(port, cookie, "list of leads, nine filters", lists, bar=60, floor=floor)
    floor = median(floors.search(words) for words in ("nguyen van linh", "cong nghe", "lead4242"))
    yield _page(port, cookie, "search, six spellings", [f"/leads/?q={w}" for w in WORDS], bar=80, floor=floor)
    yield _page(port, cookie, "board, four filters", [f"/board/{query}" for query in BOARDS])
    yield _page(port, cookie, "counts beside the views of the list", ["/leads/views/"])
    lead, first = lead_with_long_log(at=at), f"{at - YEAR:%Y-%m-%d}"
    yield _page(port, cookie, f"lead page, {LONG_LOG} log rows", [f"/leads/{lead}/"] * 5, bar=80)
    bring_up_to_date(at=at)  # the beat has done so in the minutes before
    yield _page(port, cookie, "overview, 12 months", [f"/overview/?from={first}&to={at:%Y-%m-%d}"] * 5, bar=60)


def session_cookie(user: User) -> str:
    """What the browser of this person sends after login."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def lead_with_long_log(*, at: datetime) -> int:
    """A lead that has done much lately: its log is topped up, for kept data may have it from an earlier run."""
    lead = Lead.objects.latest("pk").pk
    did = behaviour([lead], at=at)
    missing = range(LONG_LOG - Event.objects.filter(lead=lead).count())
    behave([next(did) for _number in missing], at=at)
    return lead


def _page(
    port: int, cookie: str, work: str, paths: Sequence[str], *, bar: float | None = None, floor: float | None = None
) -> Figure:
    requests = [request("GET", path, headers={"Cookie": cookie}) for path in paths]
    send(port, iter(requests * 2), connections=2)  # both processes have their templates ready
    load = send(port, iter(requests * TIMES), connections=1)
    return Figure(f"{work}, p95", load.p95, "ms", bar=bar, floor=floor, note=f"p50 {load.p50:.0f} ms")
