"""Drives that are partly broken: what the tests about them have in common.

Between daemon and simulator stands a test double (double.py). A test says what drives do differently, starts
the daemon, and judges what is on the bus. Several drives, each with its own way to be wrong, are asked at
once: what one does must not be seen at another.
"""

import os

import dbus

from double import Double
from environment import (
    BRIDGE, CONTROLLER, ENDPOINT, MANAGER, NAMESPACE, PORT, ROOT, SIMULATOR, System, SystemTest,
    numbers, plain,
)

HEALTH = BRIDGE + ".Health1"
DRIVE = BRIDGE + ".Drive1"
SIMULATION = ROOT + "/simulator"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
FIRST_EID = 9

# Impatient, so that what is asked again is asked again soon; mctpd is not asked to recover anything.
QUICK = """
command-timeout-ms = 1000
first-retry-ms = 100
last-retry-ms = 400
health-interval-ms = 200
first-recover-ms = 0
"""

# What a part that is missing can be.
REFUSED, NOT_READY, MALFORMED, UNANSWERED = "refused", "not ready", "malformed", "unanswered"


class DoubledSystem(System):
    """A system whose daemon reaches the drives through a test double, when there is one."""

    double = None

    @property
    def transport(self):
        return "demux:" + (self.demux + self.suffix if self.double else self.demux)

    def start_double(self, **options):
        self.suffix = f"-double-{os.getpid()}-{next(numbers)}"
        self.double = Double(self.demux + self.suffix, self.demux, **options)
        return self.double

    def stop_double(self):
        double, self.double = self.double, None
        if double:
            double.close()

    def stop(self):
        complaints = super().stop()
        try:
            self.stop_double()
        except AssertionError as failure:
            complaints.append(str(failure))
        return complaints


class PartialDriveTest(SystemTest):
    """Each test has a double and starts a daemon of its own; bus and simulator are its class's."""

    system_type = DoubledSystem
    starts_daemon = False
    configuration = QUICK

    def setUp(self):
        self.double = self.system.start_double()
        self.addCleanup(self.system.stop_double)
        self.addCleanup(self.stop_daemon)

    def start(self, configuration=None):
        """Starts the daemon, anew if there is one."""
        self.stop_daemon()
        self.system.start_daemon(configuration=configuration or self.configuration)

    def stop_daemon(self):
        if self.system.daemon:
            self.assertEqual(self.system.stop_daemon(), 0)

    # What is on the bus

    def endpoint(self, eid=FIRST_EID):
        """The properties of an endpoint."""
        return self.properties(eid, ENDPOINT)

    def health(self, eid=FIRST_EID):
        return self.properties(eid, HEALTH)

    def properties(self, eid, interface):
        """Those of one interface of an endpoint; none while it is not there."""
        try:
            return plain(self.system.get_all(self.system.endpoint(eid), interface))
        except dbus.DBusException as error:
            if error.get_dbus_name().rpartition(".")[2] in ("UnknownObject", "UnknownMethod", "UnknownInterface"):
                return {}
            raise

    def objects(self):
        return self.system.objects()

    def below(self, kind, eid=FIRST_EID):
        """The properties of an endpoint's ports, controllers or namespaces by their number."""
        interface = {"ports": PORT, "controllers": CONTROLLER, "namespaces": NAMESPACE}[kind]
        prefix = f"{self.system.endpoint(eid)}/{kind}/"
        return {
            int(path.removeprefix(prefix)): interfaces[interface]
            for path, interfaces in self.objects().items()
            if path.startswith(prefix)
        }

    def drives_on_bus(self):
        """The properties of the drives by their paths."""
        return {
            path: interfaces[DRIVE]
            for path, interfaces in self.objects().items()
            if DRIVE in interfaces
        }

    def missing(self, eid=FIRST_EID):
        """State and reason of an endpoint's missing parts by their names."""
        parts = self.endpoint(eid).get("MissingParts", [])
        return {part["Part"]: (part["State"], part["Reason"]) for part in parts}

    def is_whole(self, eid=FIRST_EID):
        endpoint = self.endpoint(eid)
        return endpoint.get("State") == "ready" and endpoint["MissingParts"] == []

    # Waiting

    def wait_for_health(self, eid=FIRST_EID):
        """Waits until a health poll was answered."""
        self.system.ask_until(lambda: self.health(eid).get("Updated"), f"a poll of endpoint {eid}")

    def wait_for_missing(self, part, state, eid=FIRST_EID):
        """Waits until a part is missing for this reason; returns the reason in words."""
        return self.system.wait_for(
            lambda: self.missing(eid).get(part, ("", ""))[0] == state and self.missing(eid)[part][1],
            f"{part} of endpoint {eid} to be {state}",
        )

    def wait_for_reason(self, part, eid=FIRST_EID):
        """Waits until a missing part is told to whoever reads only the state."""
        self.system.wait_for(
            lambda: part in self.endpoint(eid)["StateReason"], f"a reason with {part} of endpoint {eid}"
        )

    def wait_until_whole(self, eid=FIRST_EID):
        """Waits until everything of a drive is known."""
        self.system.wait_for(lambda: self.is_whole(eid), f"endpoint {eid} to be whole")

    def rescan(self):
        self.system.call(ROOT, MANAGER, "Rescan")

    def simulate(self, member, signature="", *arguments, drive=1):
        """Has something happen to a simulated drive."""
        return self.system.call(
            f"{SIMULATION}/drives/{drive}", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )
