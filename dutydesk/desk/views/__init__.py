"""What the doors show, as frozen values: read, never written."""
