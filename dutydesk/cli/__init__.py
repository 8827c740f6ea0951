"""The command line, the desk's second door."""
