"""The lead pages: each module is one page or one family of actions. No rule lives here."""
