"""Widgets of the console: small, drawn line by line, and safe with any text from outside."""
