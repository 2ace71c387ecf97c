"""Writes Tests/coverage.md: what libnvme-mi can do and cannot, and where the bridge has it.

    python3 Tests/Coverage/coverage.py            writes it
    python3 Tests/Coverage/coverage.py --check    says what is wrong with it, and with what the rows name

A row names members of the interfaces in dbus/interfaces, verbs of nvmemi and tests; all of them have to exist. Log
pages come from the names that the protocol module gives them.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree

import rows

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
TABLE = CHECKOUT / "Tests" / "coverage.md"
PREFIX = "xyz.openbmc_project.NVMeMI."


def members():
    """Every `Interface.Member` that the daemon publishes, and every interface."""
    found = set()
    for file in (CHECKOUT / "dbus" / "interfaces").glob("*.xml"):
        for interface in xml.etree.ElementTree.parse(file).getroot().iter("interface"):
            name = interface.get("name", "").removeprefix(PREFIX)
            found.add(name)
            found |= {f"{name}.{member.get('name')}" for member in interface if member.get("name")}
    return found


def verbs():
    """The commands of nvmemi, those below others with a blank between."""
    found = set()
    for file in (CHECKOUT / "Sources" / "nvmemi" / "Commands").glob("*.swift"):
        text = file.read_text()
        for usage in re.findall(r'usage: "nvmemi ([a-z-]+(?: [a-z|-]+)?)', text):
            verb, _, below = usage.partition(" ")
            found.add(verb)
            found |= {f"{verb} {word}" for word in below.split("|") if word}
    return found


def tests():
    """Every `Class.test` of the unit tests and of the Python tests."""
    found = set()
    for file in (CHECKOUT / "Tests").rglob("*"):
        if file.suffix not in (".swift", ".py"):
            continue
        current = None
        for line in file.read_text().splitlines():
            declared = re.match(r"(?:final )?class (\w+)", line)
            if declared:
                current = declared[1]
            tested = re.match(r"    (?:func|def) (test\w+)", line)
            if tested and current:
                found.add(f"{current}.{tested[1]}")
    return found


def log_pages():
    """Names of the log pages by number, as the protocol module has them."""
    text = (CHECKOUT / "Sources" / "NVMeMI" / "Admin" / "LogPageIdentifier.swift").read_text()
    return {int(number, 16): name for number, name in re.findall(r'0x(\w\w): "([^"]+)"', text)}


def complaints(table):
    """What is wrong with the rows."""
    known = {"D-Bus member": members(), "command": verbs(), "test": tests()}
    for row in table:
        if not row.tests and not row.absent:
            yield f"row {row.number} ({row.what}) has neither a test nor a reason why it is absent"
        named = [("D-Bus member", name) for name in row.bus]
        named += [("command", name) for name in row.commands] + [("test", name) for name in row.tests]
        for kind, name in named:
            if name not in known[kind]:
                yield f"row {row.number} ({row.what}) names the {kind} {name}, which does not exist"


def text(table):
    """The table as Markdown."""
    lines = [
        "# What libnvme-mi can do, and what it cannot, here",
        "",
        "Written by `python3 Tests/Coverage/coverage.py` from `Tests/Coverage/rows.py`; ring 1 checks that what it",
        "names exists. Interfaces are those of `dbus/interfaces`, without their prefix.",
    ]
    section = None
    for row in table:
        if row.section != section:
            section = row.section
            lines += ["", f"## {section}", "", "| # | What | Where | Shown by, or why absent |", "|---|---|---|---|"]
        where = [f"`{name}`" for name in row.bus] + [f"`nvmemi {name}`" for name in row.commands]
        where += [row.elsewhere] if row.elsewhere else []
        shown = [f"`{name}`" for name in row.tests] + ([f"Absent: {row.absent}"] if row.absent else [])
        lines.append(f"| {row.number} | {row.what} | {', '.join(where) or '–'} | {', '.join(shown)} |")
    return "\n".join(lines) + "\n"


def main():
    table = list(rows.rows(log_pages()))
    wanted = text(table)
    if "--check" not in sys.argv:
        TABLE.write_text(wanted)
    wrong = list(complaints(table))
    if not TABLE.exists() or TABLE.read_text() != wanted:
        wrong.append("Tests/coverage.md is not what the rows say: run python3 Tests/Coverage/coverage.py")
    for complaint in wrong:
        print(complaint)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
