"""A double of mctpd on a bus, whose devices are real to it: at the other end of the kernel's interfaces.

    mctpd.py ADDRESS INTERFACE:NETWORK:EID...

sets each device up at its endpoint id and publishes it as mctpd does, takes mctpd's name and prints
`ready`. What it does is what programs have to reckon with:

- SetupEndpoint asks four times; it fails when no answer reaches it or the kernel has no tag for it.
- Recover makes an endpoint Degraded and polls it at once and twice more, 2.5 s apart; when none of
  the polls can be sent and is answered, the endpoint is removed. One that was reset gets its id again
  if its UUID is known.
- Only root and its own user are let in.
"""

import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

from bus_owner import BusOwner, Refused

NAME = "au.com.codeconstruct.MCTP1"
ROOT = "/au/com/codeconstruct/mctp1"
ENDPOINT = "xyz.openbmc_project.MCTP.Endpoint"
IDENTITY = "xyz.openbmc_project.Common.UUID"
CONTROL = "au.com.codeconstruct.MCTP.Endpoint1"
BUS_OWNER = "au.com.codeconstruct.MCTP.BusOwner1"
OBJECT_MANAGER = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
FAILED = "org.freedesktop.DBus.Error.Failed"
ACCESS_DENIED = "org.freedesktop.DBus.Error.AccessDenied"

POLLS = 3
POLL_INTERVAL_MS = 2500
# mctpd waits for 250 ms; an emulated kernel under load takes longer, and time is not what is tested.
ANSWER_TIME = 2
UNHEARD = (TimeoutError, OSError, Refused, AssertionError)


class Failure(dbus.DBusException):
    """An error reply."""

    def __init__(self, text, name=FAILED):
        super().__init__(text)
        self._dbus_error_name = name


def guarded(interface, signature="", reply=""):
    """A method whose caller is known, for `admit`."""
    return dbus.service.method(
        interface, in_signature=signature, out_signature=reply, sender_keyword="sender"
    )


class Endpoint(dbus.service.Object):
    """A device that has an endpoint id."""

    def __init__(self, mctpd, bus_owner, number):
        self.mctpd = mctpd
        self.bus_owner = bus_owner
        self.number = number
        self.path = f"{ROOT}/networks/{bus_owner.network}/endpoints/{number}"
        self.types = bus_owner.message_types(number)
        self.uuid = bus_owner.uuid(number)
        self.is_available = True
        self.polls_left = 0
        self.timer = None
        super().__init__(mctpd.bus, self.path)

    def properties(self):
        return {
            ENDPOINT: {
                "NetworkId": dbus.UInt32(self.bus_owner.network),
                "EID": dbus.Byte(self.number),
                "SupportedMessageTypes": dbus.Array(self.types, signature="y"),
                "VendorDefinedMessageTypes": dbus.Array([], signature="(yvq)"),
            },
            IDENTITY: {"UUID": self.uuid},
            CONTROL: {"Connectivity": "Available" if self.is_available else "Degraded"},
        }

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):  # pylint: disable=invalid-name
        return self.properties()[interface][name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):  # pylint: disable=invalid-name
        return self.properties()[interface]

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, invalidated):  # pylint: disable=invalid-name
        pass

    @guarded(CONTROL, "u")
    def SetMTU(self, mtu, sender=None):  # pylint: disable=invalid-name
        self.mctpd.admit(sender)
        # The interface does not have more, which mctpd does not ask.
        if mtu < 68:
            raise Failure("Bad MTU", "org.freedesktop.DBus.Error.InvalidArgs")

    @guarded(CONTROL)
    def Remove(self, sender=None):  # pylint: disable=invalid-name
        self.mctpd.admit(sender)
        self.mctpd.remove(self)

    @guarded(CONTROL)
    def Recover(self, sender=None):  # pylint: disable=invalid-name
        self.mctpd.admit(sender)
        self.set_available(False)
        self.polls_left = POLLS
        self.poll_after(0)

    def set_available(self, is_available):
        if is_available == self.is_available:
            return
        self.is_available = is_available
        state = self.properties()[CONTROL]
        self.PropertiesChanged(CONTROL, state, dbus.Array([], signature="s"))

    def poll_after(self, milliseconds):
        self.stop_polling()
        self.timer = GLib.timeout_add(milliseconds, self.poll)

    def stop_polling(self):
        if self.timer:
            GLib.source_remove(self.timer)
        self.timer = None

    def poll(self):
        self.timer = None
        self.polls_left -= 1
        try:
            number = self.bus_owner.endpoint_id(patience=ANSWER_TIME, attempts=1)
        except UNHEARD as error:
            print(f"poll of {self.path}: {error!r}", flush=True)
            if self.polls_left:
                self.poll_after(POLL_INTERVAL_MS)
            else:
                self.mctpd.remove(self)
            return False
        print(f"poll of {self.path}: endpoint id {number}", flush=True)
        if number == 0 and self.is_the_same():
            number = self.bus_owner.assign(self.number)
        if number == self.number:
            self.set_available(True)
        else:
            self.mctpd.remove(self)
        return False

    def is_the_same(self):
        try:
            return self.bus_owner.uuid() == self.uuid
        except UNHEARD:
            return False


class Interface(dbus.service.Object):
    """A network interface of which we are the bus owner."""

    def __init__(self, mctpd, bus_owner):
        self.mctpd = mctpd
        self.bus_owner = bus_owner
        super().__init__(mctpd.bus, f"{ROOT}/interfaces/{bus_owner.interface}")

    @guarded(BUS_OWNER, "ay", "yisb")
    def SetupEndpoint(self, address, sender=None):  # pylint: disable=invalid-name
        self.mctpd.admit(sender)
        if address:
            raise Failure("Bad physaddr", "org.freedesktop.DBus.Error.InvalidArgs")
        try:
            number = self.bus_owner.endpoint_id(patience=ANSWER_TIME * 4)
            endpoint = self.mctpd.find(self.bus_owner, number)
            if endpoint is None:
                endpoint = self.mctpd.publish(self.bus_owner, number)
        except TimeoutError:
            raise Failure("MCTP Endpoint did not respond") from None
        except OSError as error:
            raise Failure(f"Request failed: {error.strerror}") from None
        return endpoint.number, endpoint.bus_owner.network, endpoint.path, False


class Mctpd(dbus.service.Object):
    """The object manager, and everything below it."""

    def __init__(self, bus):
        self.bus = bus
        self.endpoints = {}
        self.interfaces = []
        super().__init__(bus, ROOT)

    def set_up(self, interface, network, number):
        """What a platform has mctpd do with a device when it is found."""
        bus_owner = BusOwner(interface, network)
        bus_owner.assign(number)
        self.interfaces.append(Interface(self, bus_owner))
        self.publish(bus_owner, number)

    def admit(self, sender):
        """Lets in root and our own user, as sd-bus does where nothing else is said."""
        if self.bus.get_unix_user(sender) not in (0, os.getuid()):
            raise Failure("Access not permitted", ACCESS_DENIED)

    def find(self, bus_owner, number):
        for endpoint in self.endpoints.values():
            if (endpoint.bus_owner, endpoint.number) == (bus_owner, number):
                return endpoint
        return None

    def publish(self, bus_owner, number):
        bus_owner.add_route(number)
        endpoint = Endpoint(self, bus_owner, number)
        self.endpoints[endpoint.path] = endpoint
        self.InterfacesAdded(endpoint.path, endpoint.properties())
        return endpoint

    def remove(self, endpoint):
        endpoint.stop_polling()
        if self.endpoints.pop(endpoint.path, None) is None:
            return
        print(f"removed {endpoint.path}", flush=True)
        endpoint.bus_owner.delete_route(endpoint.number)
        self.InterfacesRemoved(endpoint.path, list(endpoint.properties()))
        endpoint.remove_from_connection()

    @dbus.service.method(OBJECT_MANAGER, out_signature="a{oa{sa{sv}}}")
    def GetManagedObjects(self):  # pylint: disable=invalid-name
        return dbus.Dictionary(
            {path: endpoint.properties() for path, endpoint in self.endpoints.items()},
            signature="oa{sa{sv}}",
        )

    @dbus.service.signal(OBJECT_MANAGER, signature="oa{sa{sv}}")
    def InterfacesAdded(self, path, interfaces):  # pylint: disable=invalid-name
        pass

    @dbus.service.signal(OBJECT_MANAGER, signature="oas")
    def InterfacesRemoved(self, path, interfaces):  # pylint: disable=invalid-name
        pass

    @dbus.service.method(NAME, in_signature="yau")
    def RegisterTypeSupport(self, _number, _versions):  # pylint: disable=invalid-name
        pass


def main():
    address, *devices = sys.argv[1:]
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.bus.BusConnection(address)
    mctpd = Mctpd(bus)
    for device in devices:
        interface, network, number = device.split(":")
        mctpd.set_up(interface, int(network), int(number))
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    print("ready", name.get_name(), flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
