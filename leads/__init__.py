"""The lead: who it is, where it stands, what happened to it, and how it passes from Marketing to Sales."""
