"""``dutydesk`` and ``python -m dutydesk``."""

from __future__ import annotations

import sys


def main() -> None:
    """Opens the console, or runs the command line where a command is given."""
    try:
        _run()
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where is not None else "?"
        told = f"dutydesk: {type(error).__name__} at {place}"
        sys.stderr.write(f"{told}: the installation may be damaged (安装可能已损坏).\n")
        sys.exit(1)


def _run() -> None:
    from dutydesk.cli import failures
    from dutydesk.cli.console import asked_for, open_console

    failures.prepare_streams()
    door = asked_for(sys.argv[1:])
    if door is not None:
        sys.exit(open_console(door))
    from dutydesk.cli.main import run

    run()


if __name__ == "__main__":
    main()
