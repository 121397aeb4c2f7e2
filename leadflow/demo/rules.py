"""Who gets which lead: the rules the sales manager has set, what one rep knows best, and a week of leave."""

from datetime import datetime, timedelta

from accounts.models import Team, User
from leadflow.demo.cast import NORTH, SOUTH
from leads.assigning.editing import add_absence, save_rule, set_speciality
from leads.models import AssignmentRule
from sla.months import local_day

NORTHERN = ("Hà Nội", "Hải Phòng", "Bắc Ninh", "Thái Nguyên", "Quảng Ninh")
SOUTHERN = ("TP. Hồ Chí Minh", "Bình Dương", "Đồng Nai", "Cần Thơ", "Long An", "Vũng Tàu")


def lay_down(*, at: datetime) -> None:
    """Through the real acts, for the leads that come from now on; `at` is aware UTC."""
    north, south = Team.objects.get(name=NORTH), Team.objects.get(name=SOUTH)
    closer = User.objects.get(email="lead@leadflow.example")
    save_rule(AssignmentRule(name="Giới thiệu, điểm rất cao", sources=["Giới thiệu"], score_min=150, person=closer))
    save_rule(AssignmentRule(name="Khách miền Bắc", cities=list(NORTHERN), team=north))
    save_rule(AssignmentRule(name="Khách miền Nam", cities=list(SOUTHERN), team=south))
    set_speciality(User.objects.get(email="rep3@leadflow.example"), words={"languages": ["vi", "en"]})
    monday = local_day(at) + timedelta(days=7 - local_day(at).weekday())
    on_leave = User.objects.get(email="rep6@leadflow.example")
    add_absence(on_leave, first=monday, last=monday + timedelta(days=4), reason="Nghỉ phép năm")
