"""When two leads may be one person, and how surely. Pure.

A number one digit off says little alone where there are many numbers: it counts together with the name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from core.text import fold
from leads.enums import DuplicateReason

SHORTEST_LOCAL = 5
# Mailboxes of nobody in particular.
SHARED = frozenset(
    (
        "admin", "contact", "info", "sales", "support", "office", "hello", "marketing", "hotro", "lienhe", "kinhdoanh",
        "ketoan", "nhansu", "tuyendung", "booking", "service", "noreply", "no-reply", "webmaster", "cskh",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """What of a lead is compared."""

    name: str = ""
    company: str = ""
    phone: str | None = None
    email: str | None = None

    @property
    def folded(self) -> str:
        return fold(self.name)

    @property
    def number(self) -> str:
        """The last nine digits: the same whatever the spelling of the country."""
        return (self.phone or "")[-9:]

    @property
    def mailbox(self) -> str:
        """The name before the @, without dots and what follows a plus; "" where it belongs to nobody in particular."""
        local = (self.email or "").partition("@")[0].partition("+")[0]
        bare = local.replace(".", "").lower()
        return "" if bare in SHARED or len(bare) < SHORTEST_LOCAL else bare


def keys(face: Face) -> set[int]:
    """Leads that are alike share at least one of these. Halves of a number: a slip leaves the other half whole."""
    return {_hashed(text) for text in _texts(face)}


def _texts(face: Face) -> Iterator[str]:
    name, company = face.folded, fold(face.company)
    if name and company:
        yield f"name {name}|{company}"
    if name and len(face.number) == 9:
        yield f"low {name}|{face.number[:4]}"
        yield f"high {name}|{face.number[-4:]}"
    if face.mailbox:
        yield f"mail {face.mailbox}"


def compare(one: Face, other: Face) -> tuple[DuplicateReason, int] | None:
    """The strongest reason why both may be one person, with a confidence of 1-100; None where there is none."""
    same_name = bool(one.folded) and one.folded == other.folded
    same_company = bool(one.company) and fold(one.company) == fold(other.company)
    near = is_near(one.number, other.number)
    same_mailbox = bool(one.mailbox) and one.mailbox == other.mailbox
    if same_name and near:
        return DuplicateReason.PHONE, 95 if same_company or same_mailbox else 90
    if same_name and same_company:
        return DuplicateReason.NAME, 90 if same_mailbox else 75
    if same_mailbox and (near or same_name):
        return DuplicateReason.EMAIL, 85
    if same_mailbox and one.email != other.email:
        return DuplicateReason.EMAIL, 50
    return None


def is_near(one: str, other: str) -> bool:
    """Whether one digit differs, or two neighbours have changed places. Equal numbers are not near: they are one."""
    if len(one) != 9 or len(other) != 9 or one == other:
        return False
    wrong = [place for place in range(9) if one[place] != other[place]]
    if len(wrong) == 1:
        return True
    swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1
    return swapped and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]


def _hashed(text: str) -> int:
    """A key as PostgreSQL's bigint holds it."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
