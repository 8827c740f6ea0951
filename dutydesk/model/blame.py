"""Where a fault of the program's own was, for a log that must not repeat what the fault says: that may hold a
message's words, a telephone number or a password."""

from __future__ import annotations


def whereabouts(fault: BaseException) -> str:
    """``KIND in FILE:LINE``, the innermost place and never the fault's own text."""
    where, file, line = fault.__traceback__, "", 0
    while where is not None:
        file, line, where = where.tb_frame.f_code.co_filename, where.tb_lineno, where.tb_next
    return f"{type(fault).__name__} in {file.rpartition('/')[2]}:{line}"
