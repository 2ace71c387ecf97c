"""Runs the project's scripts with stand-ins for the programs that would change the machine."""

import os
import pathlib
import subprocess
import tempfile
import unittest

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

# Debian's tools as the scripts use them, over two files: what is installed, and what could be; a line is
# a name and a version. As with the real ones, a name that nobody has is a regular expression, and
# apt-get is content when that finds something else.
DEBIAN = r"""#!/usr/bin/python3
import os, pathlib, re, sys

here = pathlib.Path(__file__).resolve().parent
program, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]

def packages(file):
    return dict(line.split() for line in (here / file).read_text().splitlines())

def find(name):
    available = packages("available")
    if name in available:
        return {name: available[name]}
    return {known: available[known] for known in available if re.search(name, known)}

if program == "dpkg-query":
    *options, name = arguments
    installed = packages("installed")
    if (here / "all-installed").exists():
        installed[name] = "1"
    if name not in installed:
        sys.exit(f"dpkg-query: no packages found matching {name}")
    (form,) = (option.partition("=")[2] for option in options if "showformat" in option)
    print(form.replace("${db:Status-Status}", "installed").replace("${Version}", installed[name]), end="")
elif program == "apt-cache":
    command, *names = (word for word in arguments if not word.startswith("-"))
    assert command == "show", arguments
    found = {known: version for name in names for known, version in find(name).items()}
    for known, version in found.items():
        print(f"Package: {known}\nSource: x\nVersion: {version}\n")
    sys.exit(0 if found else 100)
elif program == "apt-get":
    with open(here / "calls", "a") as calls:
        calls.write(" ".join(arguments) + "\n")
    if "update" in arguments:
        sys.exit((here / "no-network").exists())
    names = arguments[arguments.index("install") + 1 :]
    found = {}
    for name in (name for name in names if not name.startswith("-")):
        if not find(name):
            print(f"E: Unable to locate package {name}")
            sys.exit(100)
        found.update(find(name))
    if not (here / "brings-nothing").exists():
        with open(here / "installed", "a") as installed:
            installed.writelines(f"{known} {version}\n" for known, version in found.items())
elif program == "sudo":
    words = [word for word in arguments if word != "--non-interactive"]
    os.execvp(words[0], words)
"""


class ScriptTest(unittest.TestCase):
    """A test with a folder of its own, whose `bin` comes first in PATH."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="nvmemi-scripts.")
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name)
        self.programs = self.directory / "bin"
        self.programs.mkdir()

    def program(self, name, text):
        """Makes a program that the scripts find."""
        path = self.programs / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def debian(self, installed=(), available=()):
        """Makes a Debian system of it: packages that are installed, and that could be."""
        self.program("debian", DEBIAN)
        for name in ("dpkg-query", "apt-cache", "apt-get", "sudo"):
            (self.programs / name).symlink_to("debian")
        for file, names in (("installed", installed), ("available", available)):
            (self.programs / file).write_text("".join(f"{name} 1\n" for name in names))

    def installed(self):
        """The names of the packages that are installed now."""
        return [line.split()[0] for line in (self.programs / "installed").read_text().splitlines()]

    def apt_get_calls(self):
        """What apt-get was called with, a call a line."""
        calls = self.programs / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    def run_program(self, *arguments, directory=CHECKOUT):
        """Runs a program to its end; returns the CompletedProcess with both outputs in stdout."""
        return subprocess.run(
            [str(argument) for argument in arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=directory,
            timeout=600,
            env={
                "PATH": f"{self.programs}:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(self.directory),
                "XDG_CACHE_HOME": str(self.directory / "cache"),
                "LANG": "C.UTF-8",
                "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
            },
        )
