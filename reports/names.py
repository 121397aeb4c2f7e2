"""Names of people and teams, read once for all blocks of a page: a company has hundreds, whoever has left included."""

from collections.abc import Mapping
from typing import NamedTuple

from core.statements import Often, run
from reports.scope import Scope

# No index: both tables are small. Lock: none.
NAMES = Often("""
SELECT u.id, u.full_name, COALESCE(t.name, ''), false
FROM accounts_user u LEFT JOIN accounts_team t ON t.id = u.team_id
UNION ALL SELECT id, name, '', true FROM accounts_team
ORDER BY 2, 1
""")


class Person(NamedTuple):
    name: str
    team: str  # empty without one


class Names(NamedTuple):
    """In the order of their names."""

    people: Mapping[int, Person]
    teams: Mapping[int, str]


def names(scope: Scope) -> Names:
    """Everybody's. One query for each scope."""
    if "names" not in scope.memo:
        rows = run(NAMES)
        people = {pk: Person(name, team) for pk, name, team, is_team in rows if not is_team}
        scope.memo["names"] = Names(people, {pk: name for pk, name, _team, is_team in rows if is_team})
    found: Names = scope.memo["names"]
    return found
