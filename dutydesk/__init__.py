"""dutydesk: the duty desk of a district emergency management bureau."""

__version__ = "0.1.0"
