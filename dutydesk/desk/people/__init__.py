"""Whom notices can reach, and over which channels."""
