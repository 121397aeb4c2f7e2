"""The floor of the API: a plain Django REST framework view that inserts one row. No rule, no key, no log."""
