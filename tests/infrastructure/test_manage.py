"""manage.py on a machine with nothing but the repository: what starts servers and what does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage
from config import embedded
from tests.infrastructure.processes import mentioning, wait_until


def variables(state: Path, **more: str) -> dict[str, str]:
    """A bare environment: no address of any server, no secret."""
    return {"PATH": os.environ["PATH"], "KENES_STATE": str(state), **more}


def start(state: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=embedded.ROOT,
        env=variables(state, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(state: Path, *arguments: str, **more: str) -> tuple[int, str]:
    process = start(state, *arguments, **more)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("help", False),
        ("--version", False),
        ("migrate --help", False),
        ("check", False),
        ("check --deploy", False),
        ("check --database default", True),
        ("makemigrations --check", False),
        ("makemessages -l fr", False),
        ("collectstatic --no-input", False),
        ("spectacular --file schema.yml", False),
        ("migrate", True),
        ("shell", True),
        ("runserver", True),
        ("import_consultation FOLDER", True),
    ],
)
def test_names_tell_which_commands_need_servers(line: str, expected: bool) -> None:
    assert manage.requires_servers(line.split()) is expected


def test_a_command_that_works_on_files_starts_nothing(short_path: Path) -> None:
    code, output = run(short_path, "check")
    assert code == 0, output
    code, output = run(short_path, "makemigrations", "--check", "--dry-run")
    assert code == 0, output
    assert "Warning" not in output
    assert not (short_path / "postgresql").exists()
    assert not (short_path / "lock").exists()


def test_a_command_that_needs_servers_has_them_for_as_long_as_it_runs(short_path: Path) -> None:
    code, output = run(short_path, "migrate", "--verbosity", "0")
    assert code == 0, output
    code, output = run(short_path, "showmigrations", "--plan")
    assert code == 0, output
    assert "[X]  accounts.0001_initial" in output
    assert mentioning(str(short_path)) == []


def test_two_commands_at_once_share_the_servers(short_path: Path) -> None:
    code = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT pg_sleep(1)')"
    code += "; k.execute('SELECT pg_postmaster_start_time()'); print('began', k.fetchone())"
    both = [start(short_path, "shell", "--no-imports", "--command", code) for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    began = [line for text in outputs for line in text.splitlines() if line.startswith("began")]
    assert len(began) == 2
    assert began[0] == began[1]
    assert mentioning(str(short_path)) == []


def test_a_killed_command_leaves_no_process(short_path: Path) -> None:
    code = "print('up', flush=True); import time; time.sleep(600)"
    process = start(short_path, "shell", "--no-imports", "--command", code)
    assert process.stdout is not None
    assert any(line == "up\n" for line in process.stdout)
    process.kill()
    process.communicate()
    assert wait_until(lambda: mentioning(str(short_path)) == [])


def test_production_refuses_to_start_with_the_default_secret(short_path: Path) -> None:
    servers = {"DATABASE_URL": "postgresql://k@127.0.0.1/k", "REDIS_URL": "redis://127.0.0.1/0"}
    code, output = run(short_path, "check", **servers)
    assert code != 0
    assert "KENES_SECRET_KEY" in output
    code, output = run(short_path, "check", KENES_SECRET_KEY="s" * 50, **servers)
    assert code == 0, output


def test_every_state_folder_has_a_secret_of_its_own(short_path: Path) -> None:
    first, second = embedded.secret_key(short_path / "a"), embedded.secret_key(short_path / "b")
    assert first != second
    assert embedded.secret_key(short_path / "a") == first
    assert (short_path / "a" / "secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["allocate", "tally"])
def test_a_command_that_computes_from_files_loads_no_app(name: str) -> None:
    """It must start at once: no rows, no pages, no addresses."""
    program = (
        "import sys; sys.argv = ['manage.py', sys.argv[1], '--help']\n"
        "import manage\n"
        "try:\n    manage.main()\nexcept SystemExit:\n    pass\n"
        "from django.apps import apps\n"
        "sys.exit('apps were loaded' if apps.apps_ready else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, name],
        cwd=embedded.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"manage.py {name}" in done.stdout
