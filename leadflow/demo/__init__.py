"""Six believable months of a Vietnamese company's leads, made through the real acts with explicit times."""
