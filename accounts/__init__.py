"""Who works here: people, teams, roles, and who is available for a lead right now."""
