"""Who appears in the demo: the company's people, and names, companies and places for its leads. All invented."""

import random
from dataclasses import dataclass

from accounts.enums import Role, Side
from accounts.models import Team, User
from core.text import fold

PASSWORD = "leadflow-demo"  # noqa: S105 - printed by `make run` on purpose
NORTH, SOUTH, MARKETING = "Kinh doanh miền Bắc", "Kinh doanh miền Nam", "Marketing"

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Trịnh",
    "Mai",
    "Tô",
]
FAMILY_WEIGHTS = (38, 12, 10, 7, 5, 5, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1)
MIDDLE_F = ["Thị", "Ngọc", "Thanh", "Thu", "Phương", "Minh", "Khánh", "Bảo", "Mỹ", "Hồng"]
MIDDLE_M = ["Văn", "Đức", "Minh", "Quốc", "Hữu", "Công", "Tuấn", "Gia", "Thành", "Xuân"]
GIVEN_F = [
    "Anh",
    "Ánh",
    "Châu",
    "Diệp",
    "Dung",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Hương",
    "Lan",
    "Linh",
    "Mai",
    "My",
    "Nga",
    "Ngân",
    "Ngọc",
    "Nhung",
    "Oanh",
    "Quỳnh",
    "Thảo",
    "Trang",
    "Trinh",
    "Tú",
    "Uyên",
    "Vân",
    "Yến",
]
GIVEN_M = [
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Đạt",
    "Đông",
    "Hải",
    "Hiếu",
    "Hoàng",
    "Hùng",
    "Huy",
    "Khang",
    "Khôi",
    "Kiên",
    "Lâm",
    "Long",
    "Minh",
    "Nam",
    "Nghĩa",
    "Phong",
    "Phúc",
    "Quân",
    "Quang",
    "Sơn",
    "Tài",
    "Thắng",
    "Thịnh",
    "Trung",
    "Tuấn",
    "Việt",
    "Vinh",
]
BUSINESS = (
    "Thương mại Dịch vụ", "Công nghệ", "Xây dựng", "Nội thất", "Thực phẩm", "Giáo dục", "Dược phẩm",
    "Vận tải", "May mặc", "Bất động sản", "Cơ khí", "Du lịch", "Bán lẻ", "Bao bì",
)  # fmt: skip
BRAND = (
    "An Phát", "Đại Phước", "Minh Long", "Hoàng Gia", "Sao Việt", "Thiên Ân", "Phú Thịnh", "Tân Tiến", "Việt Hưng",
    "Đông Á", "Nam Cường", "Bình Minh", "Hòa Bình Xanh", "Trường Thịnh", "Kim Ngân", "Hải Âu", "Lộc Phát", "Ánh Dương",
)  # fmt: skip
CITIES = {
    "Hà Nội": 30, "TP. Hồ Chí Minh": 36, "Đà Nẵng": 9, "Hải Phòng": 7, "Cần Thơ": 6, "Bình Dương": 5,
    "Đồng Nai": 4, "Nha Trang": 3,
}  # fmt: skip
TITLES = {
    "Giám đốc": 10, "Phó giám đốc": 5, "Trưởng phòng Marketing": 10, "Trưởng phòng kinh doanh": 10, "CEO": 4,
    "Kế toán trưởng": 8, "Chuyên viên": 22, "Chủ cửa hàng": 12, "Quản lý dự án": 9, "": 10,
}  # fmt: skip
SIZES = {8: 22, 20: 24, 45: 20, 90: 14, 150: 10, 300: 6, 900: 2, None: 12}
PRODUCTS = {"LeadFlow Cơ bản": 40, "LeadFlow Chuyên nghiệp": 38, "LeadFlow Doanh nghiệp": 22}
MOBILE = (
    "090",
    "091",
    "093",
    "094",
    "096",
    "097",
    "098",
    "086",
    "088",
    "032",
    "035",
    "037",
    "070",
    "079",
    "081",
    "085",
)


@dataclass(frozen=True)
class Source:
    """Where leads come from: share of all, quality 0-1, share of invalid numbers, campaigns."""

    name: str
    share: int
    quality: float
    invalid: float
    campaigns: tuple[str, ...]


SOURCES = (
    Source("Google Ads", 24, 0.50, 0.10, ("Tìm kiếm – CRM", "Tìm kiếm – Thương hiệu", "Hiệu suất tối đa")),
    Source("Facebook Ads", 28, 0.34, 0.20, ("Lead form tháng", "Remarketing", "Video khách hàng")),
    Source("TikTok Ads", 9, 0.22, 0.26, ("Video ngắn",)),
    Source("Zalo OA", 11, 0.48, 0.08, ("Tin chăm sóc", "Mini app")),
    Source("Website", 15, 0.60, 0.06, ("Trang giá", "Blog SEO", "Sách điện tử")),
    Source("Hội thảo", 7, 0.66, 0.04, ("Webinar chuyển đổi số", "Vietnam Retail Day")),
    Source("Giới thiệu", 6, 0.82, 0.02, ("Khách hàng giới thiệu",)),
)

PEOPLE = (
    ("admin@leadflow.example", "Trịnh Quản Trị", Role.ADMIN, ""),
    ("manager.marketing@leadflow.example", "Đỗ Thu Hà", Role.MARKETING_MANAGER, MARKETING),
    ("manager.sales@leadflow.example", "Phạm Quốc Bảo", Role.SALES_MANAGER, ""),
    ("marketer@leadflow.example", "Lê Khánh Linh", Role.MARKETER, MARKETING),
    ("marketer2@leadflow.example", "Vũ Ngọc Mai", Role.MARKETER, MARKETING),
    ("marketer3@leadflow.example", "Hồ Gia Huy", Role.MARKETER, MARKETING),
    ("lead@leadflow.example", "Trần Đức Huy", Role.TEAM_LEAD, NORTH),
    ("rep@leadflow.example", "Nguyễn Thu Trang", Role.REP, NORTH),
    ("rep2@leadflow.example", "Bùi Tuấn Kiên", Role.REP, NORTH),
    ("rep3@leadflow.example", "Đặng Phương Thảo", Role.REP, NORTH),
    ("lead2@leadflow.example", "Lê Thu Hà", Role.TEAM_LEAD, SOUTH),
    ("rep4@leadflow.example", "Võ Minh Khôi", Role.REP, SOUTH),
    ("rep5@leadflow.example", "Huỳnh Mỹ Uyên", Role.REP, SOUTH),
    ("rep6@leadflow.example", "Phan Hữu Lâm", Role.REP, SOUTH),
)
# How each rep works: share of first calls made in time, skill in closing.
HABITS = {
    "lead": (0.97, 1.15), "rep": (0.95, 1.1), "rep2": (0.9, 0.95), "rep3": (0.93, 1.2),
    "lead2": (0.95, 1.05), "rep4": (0.62, 0.85), "rep5": (0.9, 1.0), "rep6": (0.88, 0.9),
}  # fmt: skip


def hire() -> None:
    """Makes the teams and the people; sales team leads take half as many leads as their reps' capacity allows."""
    teams = {name: Team.objects.create(name=name, side=Side.SALES) for name in (NORTH, SOUTH)}
    teams[MARKETING] = Team.objects.create(name=MARKETING, side=Side.MARKETING)
    for email, name, role, team in PEOPLE:
        capacity = 15 if role == Role.TEAM_LEAD else 30
        User.objects.create_user(email, PASSWORD, full_name=name, role=role, team=teams.get(team), capacity=capacity)


def habits(user: User) -> tuple[float, float]:
    """(share of first calls in time, closing skill) of a demo rep."""
    return HABITS.get(user.email.split("@")[0], (0.9, 1.0))


def person_name(rng: random.Random) -> str:
    family = rng.choices(FAMILY, FAMILY_WEIGHTS)[0]
    woman = rng.random() < 0.5
    middle, given = (MIDDLE_F, GIVEN_F) if woman else (MIDDLE_M, GIVEN_M)
    return f"{family} {rng.choice(middle)} {rng.choice(given)}"


def company_name(rng: random.Random) -> str:
    form = rng.choice(("Công ty TNHH", "Công ty CP", "Cty"))
    return f"{form} {rng.choice(BUSINESS)} {rng.choice(BRAND)}"


def email_address(rng: random.Random, name: str, number: int) -> str:
    words = fold(name).split()
    domain = rng.choice(
        ("gmail.com", "gmail.com", "yahoo.com", "anphat.example", "saoviet.example", "daiphuoc.example")
    )
    return f"{words[-1]}.{words[0]}{number}@{domain}"


def weighted(rng: random.Random, table: dict[str, int] | dict[int | None, int]) -> object:
    return rng.choices(list(table), list(table.values()))[0]
