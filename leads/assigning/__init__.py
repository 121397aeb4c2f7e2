"""Who gets the lead: rules, skills, absences, handing back, recalls, and how fair it all was."""
