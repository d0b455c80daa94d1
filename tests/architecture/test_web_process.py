"""What a web worker must not carry: libraries for numbers belong to tasks."""

import subprocess
import sys

from tests.shared import ROOT


def test_the_web_process_loads_neither_scipy_nor_numpy() -> None:
    """Everything that a web worker imports, addresses and all, in a process of its own."""
    program = (
        "import sys, config.wsgi\n"
        "from django.urls import get_resolver\n"
        "len(get_resolver().url_patterns), get_resolver().reverse_dict\n"
        "heavy = {'scipy', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
