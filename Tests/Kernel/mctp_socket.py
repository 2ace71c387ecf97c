"""AF_MCTP datagram sockets for Python, which knows the family's number but not its addresses."""

import ctypes
import fcntl
import os
import select
import socket
import struct

AF_MCTP = 45
SOL_MCTP = 285
MCTP_OPT_ADDR_EXT = 1
TAG_OWNER = 0x08
SIOCMCTPALLOCTAG = 0x89E0

CONTROL = 0x00
NVME_MI = 0x04
INTEGRITY_CHECKED = 0x80

# family, pad, network, endpoint id, message type, tag, pad
ADDRESS = struct.Struct("=HHIBBBx")
# ... then interface index, hardware address length, pad, hardware address
EXTENDED = struct.Struct("=12siB3x32s")

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    """Turns a C library call's failure into OSError."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


class Address:
    """Where a message goes or came from.

    With `interface` (an index) it is an address on the wire: the message goes to whatever is at
    the other end of that interface, whether or not it has an endpoint id and a route.
    """

    def __init__(self, endpoint, type, tag=TAG_OWNER, network=1, interface=None):
        self.endpoint = endpoint
        self.type = type
        self.tag = tag
        self.network = network
        self.interface = interface

    def __repr__(self):
        return f"net {self.network} eid {self.endpoint} type {self.type:#x} tag {self.tag:#x}"

    def pack(self):
        plain = ADDRESS.pack(AF_MCTP, 0, self.network, self.endpoint, self.type, self.tag)
        if self.interface is None:
            return plain
        return EXTENDED.pack(plain, self.interface, 0, bytes(32))

    @classmethod
    def unpack(cls, data):
        _, _, network, endpoint, type, tag = ADDRESS.unpack_from(data)
        interface = EXTENDED.unpack(data)[1] if len(data) >= EXTENDED.size else None
        return cls(endpoint, type, tag, network, interface)


class Socket:
    """One AF_MCTP socket."""

    def __init__(self, extended=False):
        self.socket = socket.socket(AF_MCTP, socket.SOCK_DGRAM, 0)
        if extended:
            self.socket.setsockopt(SOL_MCTP, MCTP_OPT_ADDR_EXT, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def bind(self, type, network=0, endpoint=0xFF):
        """Asks for messages of a type that nobody here requested."""
        address = Address(endpoint, type, tag=0, network=network).pack()
        check(libc.bind(self.socket.fileno(), address, len(address)), "bind")

    def reserve_tag(self, endpoint):
        """Takes a tag towards an endpoint of the first network until the socket is closed."""
        fcntl.ioctl(self.socket, SIOCMCTPALLOCTAG, struct.pack("=BBH", endpoint, 0, 0))

    def send(self, payload, to):
        """Sends the message that follows the type byte."""
        address = to.pack()
        check(
            libc.sendto(self.socket.fileno(), payload, len(payload), 0, address, len(address)),
            f"send to {to}",
        )

    def receive(self, timeout):
        """Waits for one message: (payload, address), or None when none comes in time."""
        if not select.select([self.socket], [], [], timeout)[0]:
            return None
        payload = ctypes.create_string_buffer(1 << 16)
        address = ctypes.create_string_buffer(EXTENDED.size)
        size = ctypes.c_uint32(EXTENDED.size)
        length = check(
            libc.recvfrom(
                self.socket.fileno(),
                payload,
                len(payload),
                0,
                address,
                ctypes.byref(size),
            ),
            "receive",
        )
        return payload.raw[:length], Address.unpack(address.raw[: size.value])
