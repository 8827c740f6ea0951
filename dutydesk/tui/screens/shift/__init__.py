"""The shift (F7)."""
