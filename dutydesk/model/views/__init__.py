"""What a screen or a listing shows: frozen rows, read by plain SQL."""
