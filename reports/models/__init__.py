from reports.models.campaign import Campaign
from reports.models.goal import Goal
from reports.models.policy import Benchmark, ReportPolicy
from reports.models.rolling import (
    Mark,
    MonthRollup,
    MonthRollupTime,
    RolledDay,
    RolledMonth,
    Rollup,
    RollupTime,
)
from reports.models.saved import Mailing, SavedReport
from reports.models.screen import Screen

__all__ = [
    "Benchmark",
    "Campaign",
    "Goal",
    "Mailing",
    "Mark",
    "MonthRollup",
    "MonthRollupTime",
    "ReportPolicy",
    "RolledDay",
    "RolledMonth",
    "Rollup",
    "RollupTime",
    "SavedReport",
    "Screen",
]
