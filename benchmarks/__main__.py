"""Runs every benchmark with the arguments that suit an ordinary machine; `make bench`.

Each is a script of its own (`--help` tells its options), prints a table and
writes `benchmarks/results/<name>.json`. One that fails does not stop the rest.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "serving": (),
    "browsing": (),
    "import_million": (),
    "encoders_fashion": (),
    "searching": (),
    "kill_import": ("--times", "10"),
    "kill_retrain": ("--times", "10"),
}


def main() -> int:
    """Run them all, one after the other; gives how many failed."""
    failed = []
    for name, arguments in BENCHMARKS.items():
        print(f"== {name} {' '.join(arguments)}".rstrip(), flush=True)
        result = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], cwd=ROOT, check=False)
        if result.returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
