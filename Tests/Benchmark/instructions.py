"""What the daemon spends, in processor instructions that callgrind counts: they repeat within 0.1 %.

Where wall time says nothing: what a call costs, and whether that is more a drive with many drives.
"""

import pathlib
import re
import subprocess
import time
import xml.etree.ElementTree

# pylint: disable=import-error
from environment import (
    BRIDGE,
    ENDPOINT,
    MANAGER,
    OBJECT_MANAGER,
    PROGRAMS,
    PROPERTIES,
    ROOT,
    SIMULATOR,
    System,
)
from raw_client import RawClient, strings

SIMULATION = f"{ROOT}/simulator"
INTROSPECTABLE = "org.freedesktop.DBus.Introspectable"
# Calls that are counted together, and calls before: what happens once does not count.
CALLS = 200
WARM_UP = 50
# What a reply of all objects is kept for after it was composed, and a little.
REPLY_AGE = 1.5
REST_SECONDS = 3


class Counted(System):
    """A daemon in callgrind, with simulated drives; it polls no drive's health but where a test says so."""

    def __init__(self, name, drives, configuration="health-interval-ms = 0", *options):
        super().__init__(name)
        self.log_level = "notice"
        self.number = drives
        self.configuration = configuration
        self.options = options
        self.prefix = self.logs / "callgrind"

    def __enter__(self):
        self.start_bus()
        # To take the signals of hundreds of objects would slow the simulator down, which is in this process' way.
        self.bus.remove_match_string("type='signal'")
        self.bus.add_match_string("type='signal',sender='org.freedesktop.DBus'")
        self.start_simulator(drives=self.number)
        self.daemon_prefix = [
            "valgrind",
            "--tool=callgrind",
            "--dump-line=no",
            f"--callgrind-out-file={self.prefix}",
            *self.options,
        ]
        self.start_daemon(configuration=self.configuration)
        self.wait_until_ready(self.number)
        return self

    def wait_until_ready(self, number):
        """Waits until so many endpoints are ready."""

        # By its log: what a question costs would count.
        until = time.monotonic() + 600
        while sum(line.startswith("<5>ready ") for line in self.daemon.output) < number:
            if time.monotonic() > until:
                raise AssertionError(f"waited in vain for {number} endpoints to be ready")
            time.sleep(0.5)

    def control(self, option):
        """Has callgrind do something, and waits until it has."""
        subprocess.run(
            ["callgrind_control", option, str(self.daemon.pid)],
            capture_output=True,
            check=True,
            timeout=600,
        )

    def count(self, work):
        """The instructions of some work, by the file that they are in."""
        self.control("--zero")
        work()
        before = set(self.logs.glob("callgrind.*"))
        self.control("--dump")
        (dump,) = set(self.logs.glob("callgrind.*")) - before
        return by_object(dump)

    def rest(self):
        """Waits until the daemon has had nothing to do for a while."""
        quiet, before = 0, None
        while quiet < REST_SECONDS:
            now = pathlib.Path(f"/proc/{self.daemon.pid}/stat").read_text(encoding="utf-8").split()[13:15]
            quiet = quiet + 1 if now == before else 0
            before = now
            time.sleep(1)


def by_object(dump):
    """Sums the instructions of a dump of callgrind by program or library."""
    names, sums = {}, {}
    current, skip = None, False
    for line in dump.read_text(encoding="utf-8").splitlines():
        if line.startswith("ob="):
            number, name = re.match(r"ob=(\(\d+\))(?: (.*))?", line).groups()
            if name:
                names[number] = pathlib.Path(name).name
            current = names[number]
        elif line.startswith("cob="):
            number, name = re.match(r"cob=(\(\d+\))(?: (.*))?", line).groups()
            if name:
                names[number] = pathlib.Path(name).name
        elif line.startswith("calls="):
            # What the callee spent stands in the next line, and again where it is listed itself.
            skip = True
        elif line and line[0] in "0123456789+-*":
            if not skip:
                sums[current] = sums.get(current, 0) + int(line.split()[1])
            skip = False
    return sums


class Caller:
    """One connection that calls; arguments are strings, and an error is a failure."""

    def __init__(self, system):
        self.client = RawClient(system.address)

    def call(self, path, interface, member, *arguments):
        """Makes a call and waits for its answer."""
        answer = self.client.call(
            path, interface, member, "s" * len(arguments), strings(*arguments)
        )
        if answer.error:
            raise AssertionError(f"{member} of {path} failed: {answer.error}")


def of_call(system, *call):
    """The instructions of a call, by the file that they are in."""
    caller = Caller(system)

    def work(times):
        for _ in range(times):
            caller.call(*call)

    work(WARM_UP)
    counted = system.count(lambda: work(CALLS))
    return {name: number / CALLS for name, number in counted.items()}


def measure_calls():
    """What calls cost: (all of a property Get, what of it is in our program, all of GetHealth)."""
    with Counted("instructions", 1) as system:
        endpoint = system.endpoint(9)
        system.rest()
        get = of_call(system, endpoint, PROPERTIES, "Get", ENDPOINT, "State")
        health = of_call(system, endpoint, ENDPOINT, "GetHealth")
        return sum(get.values()), get["nvmemid"], sum(health.values())


# What is done to all drives, in the order in which it is counted.
GROWING = ("start", "managed-objects", "get-all", "health", "walk", "rescan", "remove")


def growth(few, many):
    """What each drive costs, of few and of many: {what: (of few, of many)}."""
    # What a start costs without drives is not theirs: the difference of one and more is.
    of_one, of_few, of_many = (of_drives(number) for number in (1, few, many))
    figures = {
        name: (of_few[name] / few, of_many[name] / many) for name in GROWING if name != "start"
    }
    figures["start"] = tuple(
        (of["start"] - of_one["start"]) / (number - 1)
        for of, number in ((of_few, few), (of_many, many))
    )
    return figures


def tree(system, path="/"):
    """Every node from the root on, as the mapper finds them: its path, and whether it is more than a way to others."""
    node = xml.etree.ElementTree.fromstring(system.call(path, INTROSPECTABLE, "Introspect"))
    names = [interface.get("name") for interface in node.findall("interface")]
    yield path, any(not name.startswith("org.freedesktop.DBus.") for name in names)
    for child in node.findall("node"):
        yield from tree(system, f"{path.rstrip('/')}/{child.get('name')}")


def of_drives(number):
    """What things cost with so many drives that are done to all of them."""
    figures = {}
    with Counted(f"instructions-of-{number}", number) as system:
        system.control("--dump")
        (dump,) = system.logs.glob("callgrind.*")
        figures["start"] = sum(by_object(dump).values())
        system.rest()

        caller = Caller(system)
        endpoints = [system.endpoint(eid) for eid in range(9, 9 + number)]

        def all_objects():
            time.sleep(REPLY_AGE)
            caller.call(ROOT, OBJECT_MANAGER, "GetManagedObjects")

        figures["managed-objects"] = sum(system.count(all_objects).values())

        def all_properties():
            for endpoint in endpoints:
                caller.call(endpoint, PROPERTIES, "GetAll", ENDPOINT)

        figures["get-all"] = sum(system.count(all_properties).values())

        def poll():
            for endpoint in endpoints:
                caller.call(endpoint, ENDPOINT, "GetHealth")

        figures["health"] = sum(system.count(poll).values())

        nodes = list(tree(system))

        def walk():
            for path, has_own_interfaces in nodes:
                caller.call(path, INTROSPECTABLE, "Introspect")
                if has_own_interfaces:
                    # As bmcweb asks: for all interfaces at once.
                    caller.call(path, PROPERTIES, "GetAll", "")

        figures["walk"] = sum(system.count(walk).values())

        def rescan():
            caller.call(ROOT, MANAGER, "Rescan")
            system.rest()

        figures["rescan"] = sum(system.count(rescan).values())

        def remove():
            for drive in range(1, number + 1):
                path = f"{SIMULATION}/drives/{drive}"
                system.call(
                    SIMULATION, f"{SIMULATOR}1", "Pull", "o", path, destination=SIMULATOR
                )
            system.rest()

        figures["remove"] = sum(system.count(remove).values())
    return figures
