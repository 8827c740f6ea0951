"""The district's own data: shipped in ``db/reference``, overridden entry by entry from other directories."""

from dutydesk.reference.loading import check_all, load

__all__ = ["check_all", "load"]
