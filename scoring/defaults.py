"""The 100-point framework (DOMAIN 2) as the first published model: what an administrator starts from.

What DOMAIN leaves open is chosen here: product events earn what any free offer does, and visits count up to five a day.
"""

from typing import Any

NAME = "Khung 100 điểm"
DIRECTOR = [
    "giám đốc", "GĐ", "TGĐ", "director", "CEO", "CTO", "CFO", "COO", "CMO", "CIO", "chief", "chủ tịch", "president",
    "founder", "co-founder", "owner", "chủ doanh nghiệp", "chủ đầu tư",
]  # fmt: skip
NOT_DIRECTOR = ["trợ lý", "thư ký", "assistant", "secretary"]
OFFER = "offer, offer_id, voucher, voucher_id, code, id, name"
DOCUMENT = "document, document_id, ebook, ebook_id, title, id, name, url"
WEBINAR = "webinar, webinar_id, event, event_id, title, id, name"
VISITS = 5  # a day: opening the same mail all morning is no more interest than opening it five times

# event, points, label vi, label en, more
BEHAVIOUR: tuple[tuple[str, int, str, str, dict[str, Any]], ...] = (
    ("meeting.attended", 100, "Tham dự cuộc hẹn, sự kiện", "Attended the meeting or event", {"repeat": "once"}),
    ("meeting.booked", 75, "Đặt lịch hẹn, đăng ký sự kiện", "Booked a meeting or event", {"repeat": "once"}),
    ("form.contact", 50, "Gửi biểu mẫu liên hệ", "Contact form", {"repeat": "once"}),
    ("form.demo", 20, "Yêu cầu demo", "Demo request", {"repeat": "once"}),
    (
        "offer.claimed",
        10,
        "Nhận ưu đãi, voucher",
        "Claimed an offer or voucher",
        {"repeat": "property", "repeat_property": OFFER},
    ),
    (
        "webinar.attended",
        10,
        "Tham dự webinar",
        "Attended a webinar",
        {"repeat": "property", "repeat_property": WEBINAR},
    ),
    (
        "ebook.downloaded",
        5,
        "Tải e-book",
        "Downloaded an e-book",
        {"repeat": "property", "repeat_property": DOCUMENT},
    ),
    ("page.viewed", 3, "Xem trang", "Viewed a page", {"cap_per_day": VISITS}),
    ("email.clicked", 2, "Bấm liên kết trong e-mail", "Clicked in an e-mail", {"cap_per_day": VISITS}),
    ("email.opened", 1, "Mở e-mail", "Opened an e-mail", {"cap_per_day": VISITS}),
    ("trial.started", 10, "Bắt đầu dùng thử", "Started a free trial", {"repeat": "once", "product_qualifying": True}),
    (
        "freemium.activated",
        10,
        "Kích hoạt bản miễn phí",
        "Activated the free version",
        {"repeat": "once", "product_qualifying": True},
    ),
    (
        "consultation.requested",
        10,
        "Yêu cầu tư vấn miễn phí",
        "Asked for a free consultation",
        {"repeat": "once", "product_qualifying": True},
    ),
)
PROFILE: tuple[tuple[list[dict[str, Any]], int, str, str], ...] = (
    (
        [
            {"field": "title", "op": "contains", "value": DIRECTOR},
            {"field": "title", "op": "not_contains", "value": NOT_DIRECTOR},
        ],
        15,
        "Chức danh cấp giám đốc",
        "Director-level title",
    ),
    (
        [{"field": "company_size", "op": "greater", "value": 100}],
        10,
        "Công ty trên 100 nhân sự",
        "Company with more than 100 staff",
    ),
)
