"""What the demo's leads do before Sales hears of them: arrivals and behaviour over time, drawn from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leadflow.demo import cast

DAYS = 182
LEADS = 3000
HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 9, 11, 11, 8, 6, 7, 9, 10, 9, 7, 6, 7, 9, 9, 6, 3)  # weights by local hour
WEEKDAYS = (1.15, 1.2, 1.15, 1.1, 1.0, 0.7, 0.6)
QUIET = (("page.viewed", 3), ("email.opened", 3), ("email.clicked", 2), ("ebook.downloaded", 1), ("offer.claimed", 1))

TELLING = frozenset({"form.contact", "form.demo", "meeting.booked", "trial.started"})


@dataclass(frozen=True)
class Deed:
    """One thing a lead does: it arrives (`payload` as the API takes it) or acts again (a behaviour item)."""

    at: datetime
    arrives: bool
    payload: dict[str, Any]

    @property
    def telling(self) -> bool:
        """Whether Sales may hear of it at once."""
        event = self.payload["event"] if self.arrives else self.payload
        return event["kind"] in TELLING


@dataclass(frozen=True)
class Life:
    """One lead with everything it will do. `quality` 0-1 is what Sales will find."""

    external_id: str
    quality: float
    invalid: bool
    deeds: tuple[Deed, ...]


def make_lives(rng: random.Random, *, until: datetime, count: int = LEADS, days: int = DAYS) -> Iterator[Life]:
    """Lives of `count` leads that arrived in the `days` before `until` (aware; local hours of the given zone)."""
    start = until - timedelta(days=days)
    for number in range(count):
        source = rng.choices(cast.SOURCES, [s.share for s in cast.SOURCES])[0]
        quality = min(1.0, max(0.02, rng.gauss(source.quality, 0.22)))
        born = _moment(rng, start, days)
        if born < until:
            yield _life(rng, number, source, quality, born, until)


def _moment(rng: random.Random, start: datetime, days: int) -> datetime:
    """A moment in the span: more in office hours, on weekdays, and towards the end (the company grows)."""
    while True:
        day = start + timedelta(days=int(days * rng.random() ** 0.8))
        if rng.random() < WEEKDAYS[day.weekday()] / 1.2:
            hour = rng.choices(range(24), HOURS)[0]
            return day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60))


def _life(
    rng: random.Random, number: int, source: cast.Source, quality: float, born: datetime, until: datetime
) -> Life:
    external_id = f"demo-{number}"
    invalid = rng.random() < source.invalid
    first, later = _behaviour(rng, quality, born, external_id)
    payload = _payload(rng, number, source, quality) | {"external_id": external_id, "event": first}
    deeds = [Deed(born, arrives=True, payload=payload)]
    for moment, kind, properties in later:
        item: dict[str, Any] = {"source": source.name, "lead_external_id": external_id}
        item["external_id"] = f"{external_id}-{len(deeds)}"
        item |= {"kind": kind, "occurred_at": moment.isoformat(), "properties": properties}
        deeds.append(Deed(moment, arrives=False, payload=item))
    return Life(external_id, quality, invalid, tuple(d for d in deeds if d.at < until))


def _payload(rng: random.Random, number: int, source: cast.Source, quality: float) -> dict[str, Any]:
    name = cast.person_name(rng)
    campaign = rng.choice(source.campaigns)
    good = rng.random() < quality
    payload: dict[str, Any] = {
        "name": name,
        "phone": f"{cast.MOBILE[number % len(cast.MOBILE)]}{number * 7919 % 10_000_000:07d}",
        "source": source.name,
        "campaign": campaign,
        "product": cast.weighted(rng, cast.PRODUCTS),
        "city": cast.weighted(rng, cast.CITIES),
        "utm": {"source": source.name.split()[0].lower(), "medium": "cpc" if "Ads" in source.name else "organic"},
    }
    if rng.random() < 0.75:
        payload["email"] = cast.email_address(rng, name, number)
    if good or rng.random() < 0.4:
        payload |= {"company": cast.company_name(rng), "title": cast.weighted(rng, cast.TITLES)}
        payload["company_size"] = cast.weighted(rng, cast.SIZES)
    if rng.random() < 0.25:
        payload["note"] = rng.choice(("Cần báo giá trong tuần.", "Gọi giúp sau 17 giờ.", "Muốn dùng thử cho 5 người."))
    return payload


def _behaviour(
    rng: random.Random, quality: float, born: datetime, external_id: str
) -> tuple[dict[str, Any], list[tuple[datetime, str, dict[str, Any]]]]:
    """The first action that brought the lead in, and what it does later: (moment, kind, properties)."""
    keen = rng.random() < 0.10 + 0.40 * quality
    first = (
        rng.choices(("form.contact", "meeting.booked", "form.demo", "page.viewed"), (50, 22, 10, 8))[0]
        if keen
        else (rng.choices(("page.viewed", "ebook.downloaded", "offer.claimed", "form.contact"), (40, 25, 25, 4))[0])
    )
    later = []
    moment = born
    for _n in range(rng.randrange(0, 7 if keen else 4)):
        moment += timedelta(hours=rng.expovariate(1 / (16 if keen else 150)))
        later.append((moment, *_quiet_deed(rng)))
    if keen and first != "meeting.booked" and rng.random() < 0.55:
        when = born + timedelta(hours=rng.uniform(2, 60))
        later.append((when, rng.choice(("form.demo", "meeting.booked", "webinar.attended")), {"webinar": "cds-1"}))
    if quality > 0.5 and rng.random() < 0.05:
        later.append((born + timedelta(days=rng.uniform(1, 8)), "trial.started", {"plan": "pro"}))
    if rng.random() < 0.06:  # comes back after a long silence
        later.append((born + timedelta(days=rng.uniform(35, 100)), "form.contact", {}))
    properties = {"offer": f"voucher-{external_id[-1]}", "document": "cam-nang-crm"}
    return {"kind": first, "occurred_at": born.isoformat(), "properties": properties}, sorted(later, key=lambda d: d[0])


def _quiet_deed(rng: random.Random) -> tuple[str, dict[str, Any]]:
    kind = rng.choices([k for k, _w in QUIET], [w for _k, w in QUIET])[0]
    return kind, {
        "page": rng.choice(("/bang-gia", "/tinh-nang", "/khach-hang", "/blog/lead-la-gi")),
        "document": rng.choice(("cam-nang-crm", "mau-kpi-sales", "bao-cao-2026")),
        "offer": f"voucher-{rng.randrange(5)}",
    }
