"""The words leads carry, to choose from: campaigns, products, cities, tags."""

from leads import sql


def words_in_use() -> dict[str, list[str]]:
    """Campaigns, products and cities in use, at most 200 each, and the tags of the newest leads. Four queries."""
    found = {column: [word for (word,) in sql.run(statement)] for column, statement in sql.WORDS.items()}
    return {**found, "tag": [tag for (tag,) in sql.run(sql.TAGS)]}
