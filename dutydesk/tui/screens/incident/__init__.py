"""The incident (F4)."""
