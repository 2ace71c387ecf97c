"""A bus owner's side of the MCTP control protocol, on the kernel's sockets.

What mctpd does when it is told that a device is at the other end of an interface; Debian does not
package mctpd, and the simulator's stand-in for it only speaks D-Bus.
"""

import socket
import uuid

import mctp_link
from mctp_socket import CONTROL, Address, Socket

SET_ENDPOINT_ID = 0x01
GET_ENDPOINT_ID = 0x02
GET_ENDPOINT_UUID = 0x03
GET_VERSION_SUPPORT = 0x04
GET_MESSAGE_TYPE_SUPPORT = 0x05

SUCCESS = 0x00
PATIENCE = 60


class Refused(Exception):
    """A completion code that is not success."""

    def __init__(self, command, code):
        super().__init__(f"control command {command:#04x}: completion code {code:#04x}")
        self.command = command
        self.code = code


class BusOwner:
    """Asks the device behind one interface."""

    def __init__(self, interface):
        self.interface = interface
        self.index = socket.if_nametoindex(interface)
        self.socket = Socket(extended=True)
        self.instance = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.socket.close()

    def ask(self, command, data=b"", endpoint=None, patience=PATIENCE):
        """Sends a request and returns the data after the completion code.

        To an endpoint id by its route; without one, to whatever is at the end of the interface.
        """
        self.instance = (self.instance + 1) & 0x1F
        request = bytes([0x80 | self.instance, command]) + data
        if endpoint is None:
            self.socket.send(request, Address(0, CONTROL, interface=self.index))
        else:
            self.socket.send(request, Address(endpoint, CONTROL))
        answer = self.socket.receive(patience)
        if answer is None:
            raise TimeoutError(f"no answer to control command {command:#04x}")
        payload, sender = answer
        if payload[:2] != bytes([self.instance, command]):
            raise AssertionError(f"answered {payload.hex(' ')} to {request.hex(' ')}")
        if endpoint is not None and sender.endpoint != endpoint:
            raise AssertionError(f"the answer came from {sender}")
        if payload[2] != SUCCESS:
            raise Refused(command, payload[2])
        return payload[3:]

    def endpoint_id(self, endpoint=None):
        """Get Endpoint ID: the id that the device has, 0 for none."""
        number, _, _ = self.ask(GET_ENDPOINT_ID, endpoint=endpoint)
        return number

    def is_heard(self, patience):
        """Whether the device answers at all, in so many seconds."""
        try:
            self.ask(GET_ENDPOINT_ID, patience=patience)
        except TimeoutError:
            return False
        return True

    def assign(self, endpoint):
        """Set Endpoint ID, and the route to it; returns the id that the device took."""
        status, taken, _ = self.ask(SET_ENDPOINT_ID, bytes([0, endpoint]))
        if status >> 4 & 3:
            raise AssertionError(f"the device refused the endpoint id {endpoint}")
        with mctp_link.RouteNetlink() as netlink:
            if (taken, self.index) not in [route[:2] for route in netlink.routes()]:
                netlink.add_route(self.interface, taken)
        return taken

    def message_types(self, endpoint):
        """Get Message Type Support."""
        data = self.ask(GET_MESSAGE_TYPE_SUPPORT, endpoint=endpoint)
        if len(data) != 1 + data[0]:
            raise AssertionError(f"a list of {data[0]} message types in {data.hex(' ')}")
        return list(data[1:])

    def uuid(self, endpoint):
        """Get Endpoint UUID."""
        return str(uuid.UUID(bytes=self.ask(GET_ENDPOINT_UUID, endpoint=endpoint)))
