"""A bus owner's side of the MCTP control protocol, on the kernel's sockets.

It asks as mctpd does, which Debian does not package: a device whose endpoint id is not known or
trusted by its physical address, with destination 0, so that the kernel chooses a tag among those
that nobody keeps from it; with a socket of its own for each question; again with the same instance
id when no answer comes.
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
# How often a question is put, and for how many seconds all of that is waited.
ATTEMPTS = 4
PATIENCE = 60


class Refused(Exception):
    """A completion code that is not success."""

    def __init__(self, command, code):
        super().__init__(f"control command {command:#04x}: completion code {code:#04x}")
        self.command = command
        self.code = code


class BusOwner:
    """Asks the device behind one interface."""

    def __init__(self, interface, network=1):
        self.interface = interface
        self.network = network
        self.index = socket.if_nametoindex(interface)
        self.instance = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def ask(self, command, data=b"", endpoint=None, patience=PATIENCE, attempts=ATTEMPTS):
        """Sends a request and returns the data after the completion code.

        To an endpoint id by its route; without one, to whatever is at the end of the interface.
        Raises TimeoutError without an answer, OSError (EBUSY) when the kernel has no tag left.
        """
        self.instance = (self.instance + 1) & 0x1F
        request = bytes([0x80 | self.instance, command]) + data
        if endpoint is None:
            to = Address(0, CONTROL, network=self.network, interface=self.index)
        else:
            to = Address(endpoint, CONTROL, network=self.network)
        answer = None
        with Socket(extended=endpoint is None) as asking:
            for _ in range(attempts):
                asking.send(request, to)
                answer = asking.receive(patience / attempts)
                if answer is not None:
                    break
        if answer is None:
            raise TimeoutError(f"no answer to control command {command:#04x}")
        payload, sender = answer
        if sender.type != CONTROL or payload[:2] != bytes([self.instance, command]):
            raise AssertionError(f"{sender} answered {payload.hex(' ')} to {request.hex(' ')}")
        if endpoint is not None and sender.endpoint != endpoint:
            raise AssertionError(f"the answer came from {sender}")
        if payload[2] != SUCCESS:
            raise Refused(command, payload[2])
        return payload[3:]

    def endpoint_id(self, endpoint=None, **options):
        """Get Endpoint ID: the id that the device has, 0 for none."""
        number, _, _ = self.ask(GET_ENDPOINT_ID, endpoint=endpoint, **options)
        return number

    def is_heard(self, patience):
        """Whether the device answers a single question, in so many seconds."""
        try:
            self.ask(GET_ENDPOINT_ID, patience=patience, attempts=1)
        except TimeoutError:
            return False
        return True

    def assign(self, endpoint):
        """Set Endpoint ID, and neighbour and route of it; returns the id that the device took."""
        status, taken, _ = self.ask(SET_ENDPOINT_ID, bytes([0, endpoint]))
        if status >> 4 & 3:
            raise AssertionError(f"the device refused the endpoint id {endpoint}")
        self.add_route(taken)
        return taken

    def add_route(self, endpoint):
        """Makes an endpoint id a neighbour and routes it to the interface, unless it is already."""
        with mctp_link.RouteNetlink() as netlink:
            if (endpoint, self.index) not in [known[:2] for known in netlink.neighbours()]:
                netlink.add_neighbour(self.interface, endpoint)
            if (endpoint, self.index) not in [route[:2] for route in netlink.routes()]:
                netlink.add_route(self.interface, endpoint)

    def delete_route(self, endpoint):
        """Takes the route to an endpoint id away."""
        with mctp_link.RouteNetlink() as netlink:
            netlink.delete_route(self.interface, endpoint)

    def message_types(self, endpoint):
        """Get Message Type Support."""
        data = self.ask(GET_MESSAGE_TYPE_SUPPORT, endpoint=endpoint)
        if len(data) != 1 + data[0]:
            raise AssertionError(f"a list of {data[0]} message types in {data.hex(' ')}")
        return list(data[1:])

    def uuid(self, endpoint=None):
        """Get Endpoint UUID."""
        return str(uuid.UUID(bytes=self.ask(GET_ENDPOINT_UUID, endpoint=endpoint)))
