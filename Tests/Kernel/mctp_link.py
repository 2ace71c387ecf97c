#!/usr/bin/python3
"""Configures MCTP network interfaces through rtnetlink, and makes them from terminals.

What `mctp link`, `mctp addr` and `mctp route` of the mctp project do, which Debian does not package;
tests import the functions, people run the command `mctp-link`.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
import termios
import tty

AF_MCTP = 45
N_MCTP = 28
TIOCSETD = 0x5423
ARPHRD_MCTP = 290

RTM_NEWLINK, RTM_GETLINK = 16, 18
RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR = 20, 21, 22
RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE = 24, 25, 26
RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH = 28, 29, 30

NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 0x1, 0x4, 0x300
NLA_F_NESTED = 0x8000

IFLA_IFNAME, IFLA_AF_SPEC, IFLA_MCTP_NET = 3, 26, 1
IFA_LOCAL = 2
NDA_DST, NDA_LLADDR = 1, 2
RTA_DST, RTA_OIF, RTA_METRICS, RTAX_MTU = 1, 4, 8, 2
RTN_UNICAST = 1
IFF_UP = 1

LINK = struct.Struct("=BxHiII")
ADDRESS = struct.Struct("=BBBBI")
ROUTE = struct.Struct("=BBBBBBBBI")
NEIGHBOUR = struct.Struct("=BxxxiHBB")
HEADER = struct.Struct("=IHHII")


def attribute(kind, payload):
    """One netlink attribute, padded to the next one."""
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + bytes(-length % 4)


def attributes(data):
    """The attributes in data as {kind: payload}."""
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3 :]
    return found


class RouteNetlink:
    """A connection to the kernel's network configuration."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.socket.bind((0, 0))
        self.sequence = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def request(self, kind, body, flags=NLM_F_ACK):
        """Sends one request and returns the (kind, body) messages that answer it.

        Raises OSError with the kernel's errno when it is refused.
        """
        self.sequence += 1
        length = HEADER.size + len(body)
        self.socket.send(
            HEADER.pack(length, kind, NLM_F_REQUEST | flags, self.sequence, 0) + body
        )
        answers = []
        while True:
            data = self.socket.recv(1 << 16)
            while len(data) >= HEADER.size:
                length, answer, _, sequence, _ = HEADER.unpack_from(data)
                payload = data[HEADER.size : length]
                data = data[(length + 3) & ~3 :]
                if sequence != self.sequence:
                    continue
                if answer == NLMSG_ERROR:
                    (error,) = struct.unpack_from("=i", payload)
                    if error:
                        raise OSError(-error, os.strerror(-error))
                    return answers
                if answer == NLMSG_DONE:
                    return answers
                answers.append((answer, payload))

    def links(self):
        """Every MCTP interface: {name: index}."""
        found = {}
        body = LINK.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
        for _, payload in self.request(RTM_GETLINK, body, NLM_F_DUMP):
            _, hardware, index, _, _ = LINK.unpack_from(payload)
            if hardware == ARPHRD_MCTP:
                name = attributes(payload[LINK.size :])[IFLA_IFNAME]
                found[name.rstrip(b"\0").decode()] = index
        return found

    def set_up(self, interface, up=True):
        """Switches the interface on or off."""
        index = socket.if_nametoindex(interface)
        flags = IFF_UP if up else 0
        self.request(RTM_NEWLINK, LINK.pack(socket.AF_UNSPEC, 0, index, flags, IFF_UP))

    def set_network(self, interface, network):
        """Puts the interface in an MCTP network (1 is the kernel's default)."""
        index = socket.if_nametoindex(interface)
        number = attribute(IFLA_MCTP_NET, struct.pack("=I", network))
        family = attribute(AF_MCTP | NLA_F_NESTED, number)
        self.request(
            RTM_NEWLINK,
            LINK.pack(socket.AF_UNSPEC, 0, index, 0, 0)
            + attribute(IFLA_AF_SPEC | NLA_F_NESTED, family),
        )

    def add_address(self, interface, endpoint):
        """Gives the interface a local endpoint id."""
        index = socket.if_nametoindex(interface)
        body = ADDRESS.pack(AF_MCTP, 0, 0, 0, index) + attribute(IFA_LOCAL, bytes([endpoint]))
        self.request(RTM_NEWADDR, body)

    def delete_address(self, interface, endpoint):
        """Takes a local endpoint id from the interface."""
        index = socket.if_nametoindex(interface)
        body = ADDRESS.pack(AF_MCTP, 0, 0, 0, index) + attribute(IFA_LOCAL, bytes([endpoint]))
        self.request(RTM_DELADDR, body)

    def add_route(self, interface, endpoint, mtu=None):
        """Routes one endpoint id through the interface."""
        self.request(RTM_NEWROUTE, self._route(interface, endpoint, mtu))

    def delete_route(self, interface, endpoint):
        """Removes the route to one endpoint id."""
        self.request(RTM_DELROUTE, self._route(interface, endpoint, None))

    def add_neighbour(self, interface, endpoint, address=b""):
        """Says that an endpoint id is at a physical address of the interface; a terminal has no addresses."""
        body = self._neighbour(interface, endpoint) + attribute(NDA_LLADDR, address)
        self.request(RTM_NEWNEIGH, body)

    def delete_neighbour(self, interface, endpoint):
        """Takes that back."""
        self.request(RTM_DELNEIGH, self._neighbour(interface, endpoint))

    @staticmethod
    def _neighbour(interface, endpoint):
        body = NEIGHBOUR.pack(AF_MCTP, socket.if_nametoindex(interface), 0, 0, 0)
        return body + attribute(NDA_DST, bytes([endpoint]))

    def neighbours(self):
        """Who is where: [(endpoint id, interface index, physical address)]."""
        found = []
        for _, payload in self.request(RTM_GETNEIGH, NEIGHBOUR.pack(AF_MCTP, 0, 0, 0, 0), NLM_F_DUMP):
            values = attributes(payload[NEIGHBOUR.size :])
            index = NEIGHBOUR.unpack_from(payload)[1]
            found.append((values[NDA_DST][0], index, values.get(NDA_LLADDR, b"")))
        return found

    def _route(self, interface, endpoint, mtu):
        index = socket.if_nametoindex(interface)
        # dst_len counts the endpoint ids after the first one.
        body = ROUTE.pack(AF_MCTP, 0, 0, 0, 0, 0, 0, RTN_UNICAST, 0)
        body += attribute(RTA_DST, bytes([endpoint]))
        body += attribute(RTA_OIF, struct.pack("=I", index))
        if mtu is not None:
            metric = attribute(RTAX_MTU, struct.pack("=I", mtu))
            body += attribute(RTA_METRICS | NLA_F_NESTED, metric)
        return body

    def addresses(self):
        """The local endpoint ids of every interface: [(interface index, endpoint id)]."""
        body = ADDRESS.pack(AF_MCTP, 0, 0, 0, 0)
        return [
            (ADDRESS.unpack_from(payload)[4], attributes(payload[ADDRESS.size :])[IFA_LOCAL][0])
            for _, payload in self.request(RTM_GETADDR, body, NLM_F_DUMP)
        ]

    def routes(self):
        """Every MCTP route: [(first endpoint id, interface index or None, MTU or None)]."""
        found = []
        body = ROUTE.pack(AF_MCTP, 0, 0, 0, 0, 0, 0, 0, 0)
        for _, payload in self.request(RTM_GETROUTE, body, NLM_F_DUMP):
            values = attributes(payload[ROUTE.size :])
            metrics = attributes(values.get(RTA_METRICS, b""))
            index, mtu = values.get(RTA_OIF), metrics.get(RTAX_MTU)
            found.append(
                (
                    values[RTA_DST][0],
                    struct.unpack("=I", index)[0] if index else None,
                    struct.unpack("=I", mtu)[0] if mtu else None,
                )
            )
        return found


def attach(path):
    """Makes a terminal an MCTP interface.

    Returns the open file descriptor, which keeps the interface alive, and the interface's name.
    """
    terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(terminal)
        with RouteNetlink() as netlink:
            before = set(netlink.links())
            fcntl.ioctl(terminal, TIOCSETD, struct.pack("i", N_MCTP))
            (name,) = set(netlink.links()) - before
    except BaseException:
        os.close(terminal)
        raise
    return terminal, name


# Brings mctp-serial of Linux 6.1 from any state of its receiver to the beginning of a frame.
#
# Where it has lost its place (bytes of a frame came while the interface was off; a frame of more than 74
# bytes), it waits for a flag, but goes on at the header's byte where it failed: the flag that begins the
# next frame is taken for a version or a length there, which fails again, and the line is deaf for good,
# on and off notwithstanding. Zeros fill whatever frame was begun. Then come, for the length and for the
# version, a flag and what is right there, and an empty frame with a wrong check. Elsewhere all this is
# passed over.
SYNCHRONISE = bytes(80) + b"\x7e\0\0\0\x7e" + b"\0\x7e\1\0\0\0\x7e"


def synchronise(path):
    """Has the interface of a terminal find the beginning of a frame again, if it had lost it.

    As if the device had sent it; it must be silent meanwhile.
    """
    terminal = os.open(path, os.O_RDWR | os.O_NOCTTY)
    try:
        for byte in SYNCHRONISE:
            fcntl.ioctl(terminal, termios.TIOCSTI, bytes([byte]))
    finally:
        os.close(terminal)


def configure(interface, local, endpoints, network=None, mtu=None):
    """Does what a bus owner does with a new interface before it talks to devices on it."""
    with RouteNetlink() as netlink:
        if network is not None:
            netlink.set_network(interface, network)
        netlink.set_up(interface)
        netlink.add_address(interface, local)
        for endpoint in endpoints:
            netlink.add_route(interface, endpoint, mtu)


def show(output=sys.stdout):
    """Prints interfaces, local endpoint ids and routes, one a line."""
    with RouteNetlink() as netlink:
        names = {index: name for name, index in netlink.links().items()}
        for index, name in sorted(names.items()):
            print("link", name, file=output)
        for index, endpoint in netlink.addresses():
            print("address", endpoint, "dev", names.get(index, index), file=output)
        for endpoint, index, address in netlink.neighbours():
            print("neighbour", endpoint, "dev", names.get(index, index), address.hex(":"), file=output)
        for endpoint, index, mtu in netlink.routes():
            print(
                "route", endpoint, "dev", names.get(index, index), "mtu", mtu or "-", file=output
            )


def hold(paths):
    """Attaches terminals, prints an interface name for each, and keeps them until a signal."""
    # An interface whose owner was killed must not stay: die with the parent that started us.
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    terminals = [attach(path) for path in paths]
    for _, name in terminals:
        print(name, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


def main():
    parser = argparse.ArgumentParser(prog="mctp-link", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    command = commands.add_parser("attach", help="make terminals MCTP interfaces until a signal")
    command.add_argument("terminal", nargs="+")

    command = commands.add_parser("up", help="switch an interface on and give it addresses")
    command.add_argument("interface")
    command.add_argument("--local", type=int, default=8, help="endpoint id of this end (8)")
    command.add_argument("--route", type=int, action="append", default=[], metavar="EID")
    command.add_argument("--network", type=int)
    command.add_argument("--mtu", type=int, help="of the routes, with the 4 header bytes")

    command = commands.add_parser("down", help="switch an interface off")
    command.add_argument("interface")

    for name in ("route-add", "route-del"):
        command = commands.add_parser(name)
        command.add_argument("interface")
        command.add_argument("endpoint", type=int)
        command.add_argument("--mtu", type=int)

    commands.add_parser("show", help="print interfaces, local endpoint ids and routes")

    options = parser.parse_args()
    if options.command == "attach":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        hold(options.terminal)
    elif options.command == "up":
        configure(
            options.interface, options.local, options.route, options.network, options.mtu
        )
    elif options.command == "show":
        show()
    else:
        with RouteNetlink() as netlink:
            if options.command == "down":
                netlink.set_up(options.interface, up=False)
            elif options.command == "route-add":
                netlink.add_route(options.interface, options.endpoint, options.mtu)
            else:
                netlink.delete_route(options.interface, options.endpoint)


if __name__ == "__main__":
    try:
        main()
    except OSError as error:
        sys.exit(f"mctp-link: {error}")
