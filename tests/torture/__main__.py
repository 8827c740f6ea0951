"""``python -m tests.torture --kills 200 [--seed N]``: the long torture, told in a few lines; exit 1 for any
violation."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.torture.shift import Result, forget, torture


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="drawn where it is not given")
    parser.add_argument("--keep", action="store_true", help="keep the home directory even if all is well")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else secrets.randbelow(10**6)
    home = Path(tempfile.mkdtemp(prefix="dutydesk-torture-")) / "home"
    print(f"torture: {options.kills} kills, seed {seed}, home {home}", flush=True)
    result = asyncio.run(torture(home, kills=options.kills, seed=seed))
    tell(result)
    if result.violations:
        print(f"FAILED with seed {seed}; the evidence is in {home}", flush=True)
        return 1
    if not options.keep:
        forget(home.parent)
    print(f"proved: nothing lost, nothing fired twice, every doubt marked, the journal whole (seed {seed})")
    return 0


def tell(result: Result) -> None:
    """What happened, and every violation."""
    for title, counts in (
        ("killed", result.kills),
        ("commands", result.commands),
        ("on record", result.counts),
        ("refusals", result.refusals),
    ):
        print(f"{title}: {', '.join(f'{what} {count}' for what, count in counts.items()) or 'none'}")
    print(f"took {result.seconds:.0f} s")
    for violation in result.violations:
        print(f"VIOLATION: {violation}")


if __name__ == "__main__":
    sys.exit(main())
