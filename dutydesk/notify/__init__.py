"""Channels that carry a notice to one address, and what they say of it."""
