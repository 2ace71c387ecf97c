"""A client that does to the bus what libraries do not let one do.

It writes the bytes of messages itself (D-Bus specification, "Message Protocol"), so that it can leave
answers unread, send what is malformed, and flood.
"""

import array
import os
import pwd
import socket
import struct

from environment import BRIDGE, PATIENCE

METHOD_CALL, METHOD_RETURN, ERROR, SIGNAL = 1, 2, 3, 4
NO_REPLY_EXPECTED = 1
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE, UNIX_FDS = range(1, 10)
FIELD_TYPES = {
    PATH: "o", INTERFACE: "s", MEMBER: "s", ERROR_NAME: "s", REPLY_SERIAL: "u", DESTINATION: "s",
    SENDER: "s", SIGNATURE: "g", UNIX_FDS: "u",
}


def padded(data, alignment):
    """The bytes with zeros up to a multiple of the alignment."""
    return data + bytes(-len(data) % alignment)


def string(text):
    """A string or object path, marshalled."""
    data = text.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def strings(*texts):
    """A body of several strings."""
    body = b""
    for text in texts:
        body = padded(body, 4) + string(text)
    return body


def header_field(code, value):
    """One field of a header."""
    kind = FIELD_TYPES[code]
    start = struct.pack("<B", code) + b"\1" + kind.encode() + b"\0"
    if kind == "u":
        return start + struct.pack("<I", value)
    if kind == "g":
        return start + struct.pack("<B", len(value)) + value.encode() + b"\0"
    return start + string(value)


class Answer:
    """A message that came in, as far as tests look at it."""

    def __init__(self, kind, fields, size):
        self.kind = kind
        self.reply_serial = fields.get(REPLY_SERIAL)
        self.error = fields.get(ERROR_NAME)
        self.member = fields.get(MEMBER)
        self.size = size


class RawClient:
    """One connection to the bus at a socket's path; as another user if we are root."""

    def __init__(self, address, user=None):
        path = address.removeprefix("unix:path=").split(",", maxsplit=1)[0]
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        uid = os.geteuid()
        try:
            # The kernel notes whose socket it is at the moment of connecting.
            if user and uid == 0:
                os.seteuid(pwd.getpwnam(user).pw_uid)
            self.socket.connect(path)
            name = str(os.geteuid()).encode().hex()
        finally:
            os.seteuid(uid)
        self.buffer = b""
        self.serial = 0
        self.socket.sendall(f"\0AUTH EXTERNAL {name}\r\n".encode())
        assert self._line().startswith(b"OK ")
        self.socket.sendall(b"NEGOTIATE_UNIX_FD\r\n")
        assert self._line() == b"AGREE_UNIX_FD"
        self.socket.sendall(b"BEGIN\r\n")
        hello = self.send(
            self.message(
                "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello",
                destination="org.freedesktop.DBus",
            )
        )
        assert self.answer(hello).kind == METHOD_RETURN

    def close(self):
        """Ends the connection without a word."""
        self.socket.close()

    def _line(self):
        while b"\r\n" not in self.buffer:
            self._receive()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _receive(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError("the bus has closed the connection")
        self.buffer += data

    # Sending

    def message(
        self, path, interface, member, signature="", body=b"", *,
        destination=BRIDGE, kind=METHOD_CALL, flags=0, length=None, fields=()
    ):
        """A message of the next serial; `length` lies about the body's, `fields` are further ones."""
        self.serial += 1
        all_fields = [(PATH, path), (INTERFACE, interface), (MEMBER, member)]
        all_fields += [(DESTINATION, destination), *fields]
        if signature:
            all_fields.append((SIGNATURE, signature))
        packed = b""
        for code, value in all_fields:
            packed = padded(packed, 8) + header_field(code, value)
        start = struct.pack(
            "<cBBBIII", b"l", kind, flags, 1,
            len(body) if length is None else length, self.serial, len(packed),
        )
        return padded(start + packed, 8) + body

    def send(self, data, descriptors=()):
        """Sends bytes, with descriptors beside the first; returns the last message's serial."""
        sent = 0
        if descriptors:
            beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
            sent = self.socket.sendmsg([data], beside)
        self.socket.sendall(data[sent:])
        return self.serial

    def call(self, *arguments, **options):
        """Sends a call and waits for its answer."""
        return self.answer(self.send(self.message(*arguments, **options)))

    # Receiving

    def receive(self):
        """The next message; ConnectionResetError when the bus has closed the connection."""
        while True:
            size = self._size()
            if size and len(self.buffer) >= size:
                data, self.buffer = self.buffer[:size], self.buffer[size:]
                return Answer(data[1], self._fields(data), size)
            self._receive()

    def answer(self, serial):
        """The answer to a call; what comes before is passed over."""
        while True:
            answer = self.receive()
            if answer.reply_serial == serial:
                return answer

    def _size(self):
        if len(self.buffer) < 16:
            return None
        order = "<" if self.buffer[:1] == b"l" else ">"
        body, _, fields = struct.unpack_from(order + "III", self.buffer, 4)
        return 16 + fields + -fields % 8 + body

    @staticmethod
    def _fields(data):
        order = "<" if data[:1] == b"l" else ">"
        (length,) = struct.unpack_from(order + "I", data, 12)
        fields, position = {}, 16
        while position < 16 + length:
            position += -position % 8
            code, _, kind = struct.unpack_from("BBc", data, position)
            position += 4
            if kind == b"g":
                size = data[position]
                fields[code] = data[position + 1 : position + 1 + size].decode()
                position += size + 2
            else:
                position += -position % 4
                (number,) = struct.unpack_from(order + "I", data, position)
                position += 4
                if kind == b"u":
                    fields[code] = number
                else:
                    fields[code] = data[position : position + number].decode()
                    position += number + 1
        return fields
