"""What tests of the methods that change drives have in common: two drives, and what reaches them."""

import dbus

from environment import ENDPOINT, ROOT, SIMULATOR, SystemTest

SIMULATED_DRIVE = SIMULATOR.removesuffix(".Simulator") + ".SimulatedDrive1"
STANDARD = "org.freedesktop.DBus.Error."
COMMON = "xyz.openbmc_project.Common.Error."
INVALID = STANDARD + "InvalidArgs"
NOT_ALLOWED = COMMON + "NotAllowed"
UNSUPPORTED = COMMON + "UnsupportedRequest"

# What the drives are, in the order of their endpoint IDs from 9 on.
SERIALS = {9: "MEMBER-U2", 10: "MEMBER-DUAL", 11: "MEMBER-M2"}
DRIVES = "".join(
    f"[drive]\nmodel = {model}\nserial-number = {serial}\nreset-time-ms = 100\n"
    for model, serial in zip(("u2", "dual-port", "m2"), SERIALS.values(), strict=True)
)

# Options are a{sv}: the type of each is said here once.
TYPES = {
    "action": dbus.Byte, "auto-pause": dbus.Boolean, "bar": dbus.Byte, "boot-partition": dbus.Byte,
    "capacity": dbus.UInt64, "component": dbus.UInt16, "controller-id": dbus.UInt16, "csi": dbus.Byte,
    "extended-metadata": dbus.Boolean, "force": dbus.Boolean, "format": dbus.Byte,
    "ignore-shutdown": dbus.Boolean, "length": dbus.UInt32, "lsp": dbus.Byte,
    "management-endpoint-buffer": dbus.Boolean, "nsid": dbus.UInt32, "nssf": dbus.Byte,
    "offset": dbus.UInt64, "parameter": dbus.UInt16, "protection": dbus.Byte,
    "retain-events": dbus.Boolean, "save": dbus.Boolean, "select": dbus.String,
    "serial-number": dbus.String, "shared": dbus.Boolean, "size": dbus.UInt64, "slot": dbus.Byte,
    "timeout-ms": dbus.UInt32, "uuid-index": dbus.Byte,
}


def options(values):
    """{name: value} as D-Bus has it; a name's underscores are hyphens. Unknown names are texts or numbers."""
    result = {}
    for name, value in values.items():
        name = name.replace("_", "-")
        default = dbus.String if isinstance(value, str) else dbus.UInt32
        result[name] = TYPES.get(name, default)(value, variant_level=1)
    return dbus.Dictionary(result, signature="sv")


class MemberTest(SystemTest):
    """Drives at 9 (one controller), 10 (two controllers, every optional command) and 11 (none of these)."""

    drives = DRIVES
    expected_endpoints = len(SERIALS)
    configuration = "health-interval-ms = 0\nfirst-retry-ms = 50\n"
    eid = 9

    @classmethod
    def simulate(cls, eid, member, signature="", *arguments):
        return cls.system.call(
            f"{ROOT}/simulator/drives/{eid - 8}", SIMULATED_DRIVE, member, signature, *arguments,
            destination=SIMULATOR,
        )

    @classmethod
    def counts(cls, eid):
        """How many requests of each kind the drive has seen: {"admin 06": 7}."""
        return cls.simulate(eid, "GetStatistics")["Requests"]

    def requests(self, name, eid=None):
        return self.counts(eid or self.eid).get(name, 0)

    @property
    def path(self):
        return self.system.endpoint(self.eid)

    @property
    def controller(self):
        return self.system.controller(self.eid)

    @property
    def serial(self):
        return SERIALS[self.eid]

    def call(self, path, interface, member, signature="", *arguments, **named):
        """Calls a method; named arguments are its options, which come last."""
        if signature.endswith("a{sv}"):
            arguments = (*arguments, options(named))
        return self.system.call(path, interface, member, signature, *arguments)

    def refused(self, name, words, *call, **named):
        """The call fails with an error that has such words, and nothing is sent to any drive."""
        self.system.settle()
        before = {eid: self.counts(eid) for eid in SERIALS}
        error = self.assert_bus_error(name, self.call, *call, **named)
        self.assertEqual({eid: self.counts(eid) for eid in SERIALS}, before, "something was sent")
        for word in words:
            self.assertIn(word, error.get_dbus_message())
        return error

    def logged(self, after=0, **fields):
        """Waits for the daemon's line that says who changed what; fields are those of the line."""
        words = "".join(
            rf"(?=.*{name.replace('_', '-')}=\"?{value})" for name, value in fields.items()
        )
        return self.system.daemon.wait_for_line(rf"changed by a caller{words}", after)
