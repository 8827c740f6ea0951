"""The console, the desk's first door."""
