"""The system under the fault suite as it is seen from outside: calls, states and what the daemon holds."""

import os
import time

import dbus

from environment import BRIDGE, ENDPOINT, MANAGER, MCTPD, PATIENCE, ROOT, SIMULATOR

SIMULATION = ROOT + "/simulator"
SIMULATOR_INTERFACE = SIMULATOR + "1"
SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"

NO_REPLY = "org.freedesktop.DBus.Error.NoReply"

# What Manager1.GetStatistics tells of what the bridge holds.
GAUGES = ("OpenCalls", "OpenExchanges", "ReservedTags", "EndingEndpoints", "Watches", "Timers")

# What must be given back.
COUNTED = ("Threads", "descriptors", *GAUGES)

# Seconds after which no timer of the start runs any more: mctpd-grace-ms, the longest, and some patience.
REST = 6

# What is raised on discovery, by its property.
SPEED = ("TransmissionUnit", "SMBusFrequency")


class Violation(AssertionError):
    """Something that must hold does not."""


class Outside:
    """Asks the bridge and the simulator of `self.system`."""

    # Seconds that is waited for anything.
    patience = PATIENCE

    def call(self, *arguments, **options):
        try:
            return self.system.bus.call_blocking(
                *arguments, timeout=PATIENCE, byte_arrays=True, **options
            )
        except dbus.DBusException as error:
            if error.get_dbus_name() == NO_REPLY:
                raise Violation(f"{arguments[3]} of {arguments[1]} had no reply") from error
            raise

    def simulate(self, member, signature="", *arguments, path=SIMULATION):
        interface = SIMULATOR_INTERFACE if path == SIMULATION else SIMULATED_DRIVE
        return self.call(SIMULATOR, path, interface, member, signature, arguments)

    def simulated_drives(self):
        return [
            str(path)
            for path in self.call(
                SIMULATOR, SIMULATION, "org.freedesktop.DBus.Properties", "Get", "ss",
                (SIMULATOR_INTERFACE, "Drives"),
            )
        ]

    def wait_until(self, condition, what):
        """Waits until condition() is true; the daemon must live meanwhile."""
        limit = time.monotonic() + self.patience
        while True:
            value = condition()
            if value:
                return value
            if self.system.daemon.status is not None:
                raise Violation(f"the daemon ended with status {self.system.daemon.status}")
            if time.monotonic() > limit:
                raise Violation(f"waited in vain for {what}")
            time.sleep(0.05)

    def states(self):
        return {
            path: str(interfaces[ENDPOINT]["State"])
            for path, interfaces in self.system.objects().items()
            if ENDPOINT in interfaces
        }

    def missing_parts(self):
        """The parts that are missing of each endpoint that is not whole."""
        return {
            path: [str(part["Part"]) for part in interfaces[ENDPOINT]["MissingParts"]]
            for path, interfaces in self.system.objects().items()
            if interfaces.get(ENDPOINT, {}).get("MissingParts")
        }

    def reason(self, path):
        """Why an endpoint is not ready, and what passed between it and the bridge."""
        properties = self.call(
            BRIDGE, path, "org.freedesktop.DBus.Properties", "GetAll", "s", (ENDPOINT,)
        )
        statistics = self.call(BRIDGE, path, ENDPOINT, "GetStatistics", "", ())
        counts = {
            str(name): int(value) for name, value in statistics.items() if isinstance(value, int)
        }
        eid = path.rsplit("/", 1)[1]
        places = self.system.objects("/au/com/codeconstruct/mctp1", MCTPD)
        place = places.get(f"/au/com/codeconstruct/mctp1/networks/1/endpoints/{eid}", {})
        connectivity = place.get("au.com.codeconstruct.MCTP.Endpoint1", {}).get("Connectivity")
        return str(properties["StateReason"]), f"mctpd says {connectivity}", counts

    def ready_paths(self, minimum):
        paths = [path for path, state in self.states().items() if state == "ready"]
        return paths if len(paths) >= minimum else None

    def is_ready(self, path):
        return self.states().get(path) == "ready"

    def sample(self):
        """What the daemon holds now."""
        daemon = self.system.daemon
        sample = {
            "RssAnon": daemon.memory("RssAnon"),
            "Threads": daemon.status_field("Threads"),
            "descriptors": len(os.listdir(f"/proc/{daemon.pid}/fd")),
        }
        statistics = self.call(BRIDGE, ROOT, MANAGER, "GetStatistics", "", ())
        return sample | {name: int(statistics[name]) for name in GAUGES}

    # More where mctpd is given longer to come back.
    rest = REST

    def at_rest(self):
        """What the daemon holds when nothing is under way, and nothing that ends by itself is left.

        The least of everything that is seen, and nothing less for some time.
        """
        least = self.sample()
        since = time.monotonic()
        while time.monotonic() < since + self.rest:
            time.sleep(0.05)
            now = self.sample()
            for name in COUNTED:
                if now[name] < least[name]:
                    since = time.monotonic()
                    least[name] = now[name]
        return least

    def speeds(self):
        """Transmission unit and frequency of the drives that nothing is done to."""
        objects = self.system.objects()
        return {
            drive.path: [objects[drive.path][ENDPOINT][name] for name in SPEED]
            for drive in self.of_kind("healthy", "flooded")
        }
