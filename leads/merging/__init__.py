"""Leads that may be one person: found, compared, merged, and parted again."""
