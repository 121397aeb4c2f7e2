"""Files of leads, history and spend: read, matched to columns, checked, brought in, and taken back."""
