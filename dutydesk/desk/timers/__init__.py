"""Clocks: which apply, how they are armed, fired, escalated and answered for."""
