"""BANT: what the four answers are worth, and what a lead still lacks before Sales may accept it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Each answer is worth 0-25, the sum 0-100; within a table the points rise with the answer.
POINTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "budget": MappingProxyType({"unknown": 0, "none": 5, "planned": 15, "available": 25}),
        "authority": MappingProxyType({"unknown": 0, "user": 10, "influencer": 18, "decision_maker": 25}),
        "need": MappingProxyType({"unknown": 0, "vague": 8, "clear": 18, "urgent": 25}),
        "timing": MappingProxyType(
            {
                "unknown": 0,
                "over_6_months": 5,
                "within_6_months": 12,
                "within_3_months": 20,
                "within_month": 25,
            }
        ),
    }
)
ACCEPT_MINIMUM = 60
HOT_MINIMUM = 80


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A qualification as the rules see it; None is a question not yet answered."""

    budget: str = "unknown"
    authority: str = "unknown"
    need: str = "unknown"
    timing: str = "unknown"
    right_phone: bool | None = None
    right_name: bool | None = None
    right_need: bool | None = None
    icp_fit: bool | None = None
    agreed_to_talk: bool | None = None

    @property
    def points(self) -> int:
        return bant_points(budget=self.budget, authority=self.authority, need=self.need, timing=self.timing)


def bant_points(*, budget: str, authority: str, need: str, timing: str) -> int:
    """0-100. KeyError for an answer that is not in POINTS."""
    return POINTS["budget"][budget] + POINTS["authority"][authority] + POINTS["need"][need] + POINTS["timing"][timing]


def missing_to_accept(answers: Answers, *, minimum: int = ACCEPT_MINIMUM) -> list[str]:
    """Codes of what stands between this lead and acceptance, in the order a rep asks."""
    checks = {
        "right_phone": answers.right_phone,
        "right_name": answers.right_name,
        "right_need": answers.right_need,
        "agreed_to_talk": answers.agreed_to_talk,
        "bant": answers.points >= minimum,
    }
    return [code for code, passed in checks.items() if not passed]


def is_hot(answers: Answers) -> bool:
    """Whether an accepted lead goes straight on to `hot`: strong BANT, and buying within a month."""
    return answers.points >= HOT_MINIMUM and answers.timing == "within_month"
