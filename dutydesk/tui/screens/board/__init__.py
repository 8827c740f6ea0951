"""The board (F3)."""
