"""Writes which functions of the daemon are used, for the linker to put side by side.

    NVMEMI_PROGRAMS=.build/release python3 Tests/Benchmark/order.py Sources/Linking/used-functions.txt

Of the daemon's code, most of which is the Swift run time, a seventh ever runs; of a page that holds one function in use
the kernel maps the sixteen around it. First come those that polls use, then those of calls, of a start and of a rescan,
each the most used first. Jobs are left out: where they run once a month they need not lie in memory.

Names of functions that are there no more do no harm, but what is new comes after what is named, each function on a
page of its own: the file is made anew when Tests/benchmark shows that proportional-memory has grown. SwiftPM does not
see that it is another: remove .build/release/nvmemid before the next build.
"""

import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "System"))

# pylint: disable=wrong-import-position
from environment import (  # noqa: E402
    CONTROLLER,
    ENDPOINT,
    INTROSPECTABLE,
    MANAGER,
    OBJECT_MANAGER,
    PORT,
    PROPERTIES,
    ROOT,
)
from instructions import Counted  # noqa: E402
from raw_client import RawClient, strings  # noqa: E402

# So many that arrays and tables have to grow, and that short ways of sorting do not do.
DRIVES = 40
# Longer than the interval at which drives are polled here.
REST_SECONDS = 12
# The trees of which OpenBMC's programs ask for everything.
OPENBMC_TREES = [f"/xyz/openbmc_project/{tree}" for tree in ("inventory", "sensors", "software", "metric")]


def call_everything(system):
    """Has the daemon do what it is asked for every day; what is refused is a use as well."""
    client = RawClient(system.address)

    def call(path, interface, member, *texts):
        client.call(path, interface, member, "s" * len(texts), strings(*texts))

    endpoint = system.endpoint(9)
    controller = system.controller(9)
    for interface in (ENDPOINT, CONTROLLER, PORT):
        for path in (endpoint, controller, f"{endpoint}/ports/0"):
            call(path, PROPERTIES, "GetAll", interface)
            call(path, PROPERTIES, "Get", interface, "State")
    for path in (ROOT, *OPENBMC_TREES):
        call(path, OBJECT_MANAGER, "GetManagedObjects")
    for path in (ROOT, endpoint, controller):
        call(path, INTROSPECTABLE, "Introspect")
    for member in ("GetHealth", "GetControllerHealth", "GetStatistics", "NoSuchMethod"):
        call(endpoint, ENDPOINT, member)
    for member in ("GetIdentity", "GetSmartLog", "GetFirmwareLog"):
        call(controller, CONTROLLER, member)
    system.call(endpoint, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 1)
    system.call(controller, CONTROLLER, "Identify", "yua{sv}", 1, 0, {})
    call(ROOT, MANAGER, "GetStatistics")


def rescan(system):
    """Has the daemon look at all drives anew."""
    RawClient(system.address).call(ROOT, MANAGER, "Rescan", "", strings())
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
    parts = {}
    counted = Counted("order", DRIVES, "health-interval-ms = 1000", "--demangle=no")
    # As it is installed.
    counted.log_level = "info"
    with counted as system:

        def take(name):
            """The functions since the last time."""
            before = set(system.logs.glob("callgrind.*"))
            system.control("--dump")
            (dump,) = set(system.logs.glob("callgrind.*")) - before
            parts[name] = functions(dump)

        take("start")
        # What follows a start is not what polls use.
        time.sleep(REST_SECONDS)
        take("settling")
        time.sleep(REST_SECONDS)
        take("polls")
        call_everything(system)
        take("calls")
        rescan(system)
        take("rescan")
    order = [name for part in ("polls", "calls", "settling", "start", "rescan") for name in parts[part]]
    names = list(dict.fromkeys(order))
    pathlib.Path(target).write_text("".join(f"{name}\n" for name in names), encoding="ascii")
    print(f"{len(names)} functions; {', '.join(f'{part} {len(of)}' for part, of in parts.items())}", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
