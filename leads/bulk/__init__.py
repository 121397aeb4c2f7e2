"""One act on many leads: chosen rows or all that match, at once or in the background, each row with its result."""
