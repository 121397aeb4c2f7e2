"""The statement of the deal that tells whether what was read still holds."""

from core.statements import Often

# Rules and specialities in two numbers: a handful of rows each. Lock: none.
FINGERPRINT = Often("""
SELECT (SELECT coalesce(sum(hashtextextended(r::text, 0)), 0) FROM leads_assignmentrule r WHERE r.active),
       (SELECT coalesce(sum(hashtextextended(s::text, 0)), 0) FROM leads_speciality s)
""")
