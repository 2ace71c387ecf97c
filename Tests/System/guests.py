"""OpenBMC's daemons that the bridge watches and never waits for, stood in for by python-dbusmock."""

import dbus

from environment import Process

MOCK = "org.freedesktop.DBus.Mock"


class Guest:
    """A service of one object at first, whose properties can be written by those who test."""

    def __init__(self, system, name, path, interface, properties=None):
        self.system = system
        self.name = name
        self.path = path
        self.interface = interface
        self.process = Process(
            name,
            ["/usr/bin/python3", "-m", "dbusmock", "--session", name, path, interface],
            system.logs / f"{name}.log",
            environment={"DBUS_SESSION_BUS_ADDRESS": system.address},
        )
        system.wait_for_name(name)
        if properties:
            self.mock("AddProperties", "sa{sv}", interface, dbus.Dictionary(properties, signature="sv"))

    def mock(self, member, signature="", *arguments, path=None):
        """What python-dbusmock does for those who test."""
        return self.system.call(
            path or self.path, MOCK, member, signature, *arguments, destination=self.name
        )

    def set(self, name, value):
        """Writes a property, and tells so by PropertiesChanged."""
        self.mock(
            "UpdateProperties", "sa{sv}", self.interface,
            dbus.Dictionary({name: value}, signature="sv"),
        )

    def stop(self):
        self.process.stop()


class StateManager(Guest):
    """phosphor-chassis-state-manager, or the host's."""

    prefix = "xyz.openbmc_project.State."

    def __init__(self, system, name, value):
        self.word = {"Chassis": "PowerState", "Host": "HostState"}[name]
        super().__init__(
            system, self.prefix + name, f"/xyz/openbmc_project/state/{name.lower()}0",
            self.prefix + name, {f"Current{self.word}": self.spelled(name, value)},
        )

    def spelled(self, name, value):
        return f"{self.prefix}{name}.{self.word}.{value}"

    def turn(self, value):
        self.set(f"Current{self.word}", self.spelled(self.interface.rsplit(".")[-1], value))
