"""The intake (F2)."""
