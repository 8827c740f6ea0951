"""The engine as everybody else sees it: its lease, its process."""
