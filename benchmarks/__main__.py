"""`make bench`: measures this machine's Kenes and prints tables. See README.md."""

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from config import embedded, processes

DATA = "republique-numerique-2015"


def find_data() -> Path | None:
    """The published files of the consultation of 2015, where they lie beside the code."""
    return next(iter(sorted(embedded.ROOT.parent.glob(f"*/data/{DATA}"))), None)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, default=find_data(), help="folder of published files")
    parser.add_argument("--made-up", action="store_true", help="made-up files instead")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure and round")
    parser.add_argument("--rounds", type=int, default=3, help="the median of so many is shown")
    parser.add_argument("--times", type=int, default=10, help="the second time so much data")
    parser.add_argument("--letters", type=int, default=21_000, help="letters to send; 0 for none")
    parser.add_argument(
        "--ballots", type=int, default=250_000, help="answers to one poll; 0 for none"
    )
    parser.add_argument(
        "--only", default="", help="only what has this in its name, or: ballots, budgets"
    )
    parser.add_argument("--state", type=Path, help="keep servers and data in this folder")
    found = parser.parse_args()
    found.data = None if found.made_up else found.data
    return found


def main() -> None:
    options = arguments()
    state = options.state or Path(tempfile.mkdtemp(prefix="kenes-bench-"))
    state.mkdir(parents=True, exist_ok=True)
    state.chmod(0o711)
    try:
        with embedded.running(state / "servers", durable=True) as servers:
            settings = processes.environment(
                servers.addresses, state, KENES_SECRET_KEY="benchmark-only-" + "0123456789" * 4
            )
            os.environ.update(settings)
            import django

            django.setup()
            from benchmarks.measure import measure_all

            measure_all(servers, state, options)
    finally:
        if options.state is None:
            shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()
