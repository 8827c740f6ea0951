"""The notice (F5)."""
