"""Desks that look lived in: fields of the company's own, tags, notes, files, appointments of the next days."""

import random
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from accounts.availability import calendar
from leads.appointments import make_appointment
from leads.custom_fields import define_field
from leads.enums import FieldKind, Status
from leads.files import attach
from leads.models import Standing
from leads.notes import add_note
from leads.profile import update_profile
from leads.tags import tag_lead

DESKS = 60  # leads in hand, the latest moved first
FIELDS = (
    ("Số chi nhánh", FieldKind.NUMBER, ()),
    ("Kênh ưa thích", FieldKind.CHOICES, ("Điện thoại", "Zalo", "E-mail")),
    ("Ngành", FieldKind.CHOICE, ("Bán lẻ", "Sản xuất", "Dịch vụ", "Giáo dục")),
)
TAGS = ("Hội chợ", "Cần báo giá", "Đối tác giới thiệu", "Gọi buổi sáng", "Khách cũ quay lại")
NOTES = (
    "Khách muốn xem thử với dữ liệu của chính họ.",
    "Đã gửi bảng giá, hẹn trả lời trong tuần này.",
    "Người quyết định là chị kế toán trưởng, nên mời cùng buổi sau.",
    "So sánh với phần mềm đang dùng: thiếu báo cáo theo nguồn.",
)
PLACES = ("Văn phòng khách", "Quán cà phê Trung Nguyên", "Phòng họp 2")
LINK = "https://meet.example.com/leadflow"
QUOTE = "Gói,Số người dùng,Đơn giá (VND)\nChuyên nghiệp,10,550000\n"


def lay_out(rng: random.Random, *, until: datetime) -> None:
    """Through the real acts, each by the lead's owner at `until` (aware UTC)."""
    keys = [define_field(label=label, kind=kind, choices=choices).key for label, kind, choices in FIELDS]
    in_hand = Standing.objects.filter(
        owner__isnull=False, status__in=[Status.NEW, Status.RESEARCHED, Status.POTENTIAL, Status.HOT]
    )
    for number, standing in enumerate(in_hand.select_related("owner").order_by("-status_since", "lead")[:DESKS]):
        tag_lead(standing.pk, by=standing.owner, at=until, add=rng.sample(TAGS, rng.randrange(1, 3)))
        if number % 2 == 0:
            add_note(standing.pk, by=standing.owner, at=until, text=rng.choice(NOTES))
        if number % 3 == 0:
            _ask(standing, keys, rng, at=until)
        if number % 4 == 0:
            _meet(standing, number, rng, at=until)
        if number % 5 == 0:
            file = ContentFile(QUOTE.encode(), name="bao_gia.csv")
            attach(standing.pk, by=standing.owner, at=until, file=file)


def _ask(standing: Standing, keys: list[str], rng: random.Random, *, at: datetime) -> None:
    """What the company's own fields say of this lead."""
    branches, channels, trade = keys
    changes = {
        f"custom.{branches}": rng.randrange(1, 12),
        f"custom.{channels}": rng.sample(FIELDS[1][2], 2),
        f"custom.{trade}": rng.choice(FIELDS[2][2]),
    }
    update_profile(standing.pk, by=standing.owner, at=at, changes=changes)


def _meet(standing: Standing, number: int, rng: random.Random, *, at: datetime) -> None:
    """An hour in working time, a few of them each day."""
    starts_at = calendar(at=at).add(at, timedelta(hours=1 + number * 0.75))
    place, link = ("", LINK) if rng.random() < 0.5 else (rng.choice(PLACES), "")
    make_appointment(
        standing.pk, by=standing.owner, at=at, starts_at=starts_at, note=rng.choice(NOTES), place=place, link=link
    )
