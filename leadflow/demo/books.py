"""What Marketing keeps beside its leads: what each campaign cost, whose it is, and the targets of the month."""

import random
from datetime import datetime, timedelta
from itertools import cycle

from accounts.enums import Role
from accounts.models import Team, User
from leads.models import Spend
from reports.campaigns import named, set_owner
from reports.goals import set_goal
from reports.models.goal import Measured
from reports.periods import today

DAYS = 180
DAILY = {"Google Ads": 900_000, "Facebook Ads": 800_000, "TikTok Ads": 400_000, "Zalo OA": 250_000, "Hội thảo": 600_000}
GOALS = {
    Measured.LEADS: 400,
    Measured.MQL: 100,
    Measured.SQL: 50,
    Measured.WON: 12,
    Measured.REVENUE: 1_500_000_000,
}


def keep_books(rng: random.Random, *, until: datetime) -> None:
    """Spend of every campaign that costs something, a marketer for each but the last, this month's targets."""
    people = User.objects.here().order_by("pk")
    marketers = cycle(people.filter(role=Role.MARKETER))
    manager = people.get(role=Role.MARKETING_MANAGER)
    campaigns = named(at=until)
    for campaign in campaigns[:-1]:
        set_owner(source=campaign.source, name=campaign.name, owner=next(marketers), by=manager, at=until)
    last = today(until)
    Spend.objects.bulk_create(
        Spend(
            day=last - timedelta(days=back),
            source=campaign.source,
            campaign=campaign.name,
            amount=round(DAILY[campaign.source] * rng.uniform(0.6, 1.4), -3),
            by=manager,
            at=until,
        )
        for campaign in campaigns
        if campaign.source in DAILY
        for back in range(DAYS)
    )
    for kpi, value in GOALS.items():
        set_goal(month=last, kpi=kpi, value=value, by=manager, at=until)
    for team in Team.objects.filter(side="sales"):
        set_goal(month=last, kpi=Measured.SQL, value=25, by=manager, at=until, team=team)
