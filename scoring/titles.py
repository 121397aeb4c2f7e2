"""Job titles, Vietnamese and English, as levels: owner, director, manager, staff. Pure.

A word list, not a guess: what is not on it has no level, and an assistant of a director is staff.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from core.text import fold

# The first list that has a word of the title decides; so helpers of the great stand first.
LEVELS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "staff": (
            "trợ lý", "thư ký", "assistant", "secretary", "intern", "thực tập",
        ),
        "owner": (
            "chủ tịch", "chủ doanh nghiệp", "chủ đầu tư", "chủ shop", "chủ cửa hàng", "sáng lập", "đồng sáng lập",
            "founder", "co-founder", "cofounder", "owner", "chairman", "chairwoman",
        ),
        "director": (
            "tổng giám đốc", "phó giám đốc", "giám đốc", "GĐ", "TGĐ", "PGĐ", "CEO", "CTO", "CFO", "COO", "CMO", "CIO",
            "CHRO", "CCO", "chief", "director", "president", "vice president", "VP", "general manager",
        ),
        "manager": (
            "trưởng phòng", "phó phòng", "trưởng ban", "trưởng bộ phận", "trưởng nhóm", "trưởng chi nhánh",
            "quản lý", "quản đốc", "head", "head of", "manager", "team lead", "team leader", "supervisor", "lead",
        ),
    }
)  # fmt: skip
OTHER_STAFF = (
    "nhân viên", "NV", "chuyên viên", "kế toán", "kỹ sư", "lập trình viên", "staff", "executive", "specialist",
    "officer", "engineer", "developer", "analyst", "consultant", "accountant", "tư vấn viên",
)  # fmt: skip
RANKS = ("staff", "manager", "director", "owner")  # rising


@lru_cache(maxsize=8192)
def level_of(title: str) -> str:
    """The level a title names, or "" for none; accents, case and word order do not matter."""
    text = fold(title)
    return next((level for level, words in _PATTERNS if words.search(text)), "")


def is_at_least(title: str, level: str) -> bool:
    """Whether the title is of this level or above. An owner outranks a director."""
    found = level_of(title)
    return found != "" and level in RANKS and RANKS.index(found) >= RANKS.index(level)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(word)) for word in words)})(?!\w)")


_PATTERNS = [(level, _any_of(words)) for level, words in (*LEVELS.items(), ("staff", OTHER_STAFF))]
