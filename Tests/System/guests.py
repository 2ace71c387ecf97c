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

    def set_silently(self, name, value):
        """Writes a property and tells nobody."""
        self.mock("AddMethod", "sssss", MOCK + ".Silent", "Put", "sv", "",
                  f"self.props[{self.interface!r}][args[0]] = args[1]")
        self.system.call(
            self.path, MOCK + ".Silent", "Put", "sv", name, dbus.String(value, variant_level=1),
            destination=self.name,
        )

    def add(self, path, interface, properties):
        """One more object."""
        self.mock(
            "AddObject", "ssa{sv}a(ssss)", path, interface,
            dbus.Dictionary(properties, signature="sv"), dbus.Array([], signature="(ssss)"),
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

    def leave_out(self, is_left_out=True):
        """Has a change told without its value, as some do: who wants it has to ask."""
        self.invalidates = is_left_out

    def turn(self, value):
        if getattr(self, "invalidates", False):
            name = f"Current{self.word}"
            self.set_silently(name, self.spelled(self.interface.rsplit(".")[-1], value))
            self.mock(
                "EmitSignal", "sssav", "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as",
                dbus.Array(
                    [self.interface, dbus.Dictionary({}, signature="sv"), dbus.Array([name], signature="s")],
                    signature="v",
                ),
            )
            return
        self.set(f"Current{self.word}", self.spelled(self.interface.rsplit(".")[-1], value))


class EntityManager(Guest):
    """EntityManager with a board of bays, for which mctpd's endpoints were set up."""

    board = "/xyz/openbmc_project/inventory/system/board/Bays"

    def __init__(self, system):
        super().__init__(
            system, "xyz.openbmc_project.EntityManager", self.board,
            "xyz.openbmc_project.Inventory.Item.Board",
        )

    def add_bay(self, name, location=None, slot=None):
        """A record for the drive in a bay; with a code for the place where there is one."""
        path = f"{self.board}/{name.replace(' ', '_')}"
        configuration = "xyz.openbmc_project.Configuration.MCTPI2CTarget"
        self.add(path, configuration, {"Name": name, "Bus": dbus.UInt64(3), "Address": dbus.UInt64(0x3A)})
        if location:
            self.mock(
                "AddProperties", "sa{sv}", "xyz.openbmc_project.Inventory.Decorator.LocationCode",
                dbus.Dictionary({"LocationCode": location}, signature="sv"), path=path,
            )
        if slot is not None:
            self.mock(
                "AddProperties", "sa{sv}", "xyz.openbmc_project.Inventory.Decorator.Slot",
                dbus.Dictionary({"SlotNumber": dbus.UInt64(slot)}, signature="sv"), path=path,
            )
        return path


class Mapper(Guest):
    """phosphor-objmgr's associations."""

    association = "xyz.openbmc_project.Association"

    def __init__(self, system):
        super().__init__(
            system, "xyz.openbmc_project.ObjectMapper", "/xyz/openbmc_project/object_mapper",
            "xyz.openbmc_project.ObjectMapper",
        )

    def associate(self, path, name, end, is_told=True):
        """An association object, of which the mapper tells from its ObjectManager at /."""
        ends = dbus.Array([end], signature="s")
        self.add(f"{path}/{name}", self.association, {"endpoints": ends})
        if is_told:
            told = dbus.Dictionary(
                {self.association: dbus.Dictionary({"endpoints": ends}, signature="sv")},
                signature="sa{sv}",
            )
            self.add("/", "org.freedesktop.DBus.Peer", {})
            self.mock(
                "EmitSignal", "sssav", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", "oa{sa{sv}}",
                dbus.Array([dbus.ObjectPath(f"{path}/{name}"), told], signature="v"), path="/",
            )


    def change(self, path, name, end):
        """Another end of an association, which is told by a change of its property."""
        self.mock(
            "UpdateProperties", "sa{sv}", self.association,
            dbus.Dictionary({"endpoints": dbus.Array([end], signature="s")}, signature="sv"),
            path=f"{path}/{name}",
        )

    def remove(self, path, name):
        """Takes an association back, and tells so."""
        self.mock("RemoveObject", "s", f"{path}/{name}")
        self.mock(
            "EmitSignal", "sssav", "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", "oas",
            dbus.Array(
                [dbus.ObjectPath(f"{path}/{name}"), dbus.Array([self.association], signature="s")],
                signature="v",
            ),
            path="/",
        )


class EventLog(Guest):
    """phosphor-logging's event log: keeps what it is told to create, and refuses what it does not know."""

    interface_name = "xyz.openbmc_project.Logging.Create"

    def __init__(self, system):
        super().__init__(
            system, "xyz.openbmc_project.Logging", "/xyz/openbmc_project/logging", self.interface_name
        )
        levels = "Emergency Alert Critical Error Warning Notice Informational Debug".split()
        known = [f"xyz.openbmc_project.Logging.Entry.Level.{level}" for level in levels]
        self.mock(
            "AddMethod", "sssss", self.interface_name, "Create", "ssa{ss}", "o",
            f"if args[1] not in {known!r}:\n"
            "    raise dbus.exceptions.DBusException(\n"
            "        'no severity', name='org.freedesktop.DBus.Error.InvalidArgs')\n"
            "ret = dbus.ObjectPath('/xyz/openbmc_project/logging/entry/%d' % len(self.call_log))",
        )

    def created(self):
        """[(name, severity, data)] of all that was to be created, in their order."""
        return [
            (str(name), str(severity).rsplit(".")[-1], {str(key): str(value) for key, value in data.items()})
            for _, method, (name, severity, data, *_) in self.mock("GetCalls")
            if method == "Create"
        ]

    def entries(self):
        """[(Redfish message without its registry, arguments, severity, text)] in their order."""
        return [
            (
                data["REDFISH_MESSAGE_ID"].rsplit(".")[-1], data["REDFISH_MESSAGE_ARGS"], severity, text,
            )
            for text, severity, data in self.created()
            if "REDFISH_MESSAGE_ID" in data
        ]

    def declared(self):
        """[(name, severity, data)] of those that an interface declares, in their order."""
        return [entry for entry in self.created() if "REDFISH_MESSAGE_ID" not in entry[2]]
