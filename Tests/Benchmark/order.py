"""Writes which functions of the daemon are used, for the linker to put side by side.

    NVMEMI_PROGRAMS=.build/release python3 Tests/Benchmark/order.py Sources/Linking/nvmemid.order

Of the daemon's code, most of which is the Swift run time, less than half ever runs; a page that holds one
function in use is in memory whole. Names of functions that are there no more do no harm, and what is new
comes after what is named: the file is made anew when it pays, and says nothing of what the daemon does.
"""

import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
from environment import CONTROLLER, ENDPOINT, INTROSPECTABLE, MANAGER, PORT, PROPERTIES, ROOT  # noqa: E402
from instructions import Counted  # noqa: E402
from raw_client import RawClient, strings  # noqa: E402

DRIVES = 4
# Longer than the interval at which drives are polled here.
REST_SECONDS = 12


def use(system):
    """Has the daemon do what it does every day; what is refused is a use as well."""
    client = RawClient(system.address)

    def call(path, interface, member, *texts):
        client.call(path, interface, member, "s" * len(texts), strings(*texts))

    endpoint = system.endpoint(9)
    controller = system.controller(9)
    for interface in (ENDPOINT, CONTROLLER, PORT):
        for path in (endpoint, controller, f"{endpoint}/ports/0"):
            call(path, PROPERTIES, "GetAll", interface)
            call(path, PROPERTIES, "Get", interface, "State")
    for path in (ROOT, endpoint, controller):
        call(path, INTROSPECTABLE, "Introspect")
    for member in ("GetHealth", "GetControllerHealth", "GetStatistics", "NoSuchMethod"):
        call(endpoint, ENDPOINT, member)
    for member in ("GetIdentity", "GetSmartLog", "GetFirmwareLog"):
        call(controller, CONTROLLER, member)
    system.call(endpoint, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
    system.call(controller, CONTROLLER, "Identify", "yua{sv}", 1, 0, {})
    call(ROOT, MANAGER, "GetStatistics")
    call(ROOT, MANAGER, "Rescan")
    time.sleep(REST_SECONDS)


def functions(dump):
    """The names of the daemon's functions that a dump of callgrind has, most used first."""
    names, objects, costs = {}, {}, {}
    current = function = None
    skip = False
    for line in dump.read_text(encoding="utf-8").splitlines():
        if found := re.match(r"c?(ob|fn)=(\(\d+\))(?: (.*))?", line):
            kind, number, name = found.groups()
            table = objects if kind == "ob" else names
            if name:
                table[number] = name
            if line.startswith("ob="):
                current = objects[number]
            elif line.startswith("fn="):
                function = names[number]
        elif line.startswith("calls="):
            skip = True
        elif line and line[0] in "0123456789+-*":
            if not skip and current.endswith("/nvmemid"):
                # A function that calls itself is counted apart, as NAME'2.
                name = re.sub(r"'\d+$", "", function)
                costs[name] = costs.get(name, 0) + int(line.split()[1])
            skip = False
    known = (name for name in costs if not name.startswith(("0x", "(")))
    return sorted(known, key=lambda name: -costs[name])


def main(target):
    """Writes the file."""
    with Counted("order", DRIVES, "health-interval-ms = 1000", "--demangle=no") as system:
        use(system)
        system.control("--dump")
        (dump,) = system.logs.glob("callgrind.*")
        names = functions(dump)
    pathlib.Path(target).write_text("".join(f"{name}\n" for name in names), encoding="ascii")
    print(f"{len(names)} functions", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
