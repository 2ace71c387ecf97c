"""What passes over the interfaces of drives, whoever sends it: MCTP packets, and the messages in them."""

import socket
import struct

# Every protocol: the kernel shows what it sends to such sockets alone. (To one of ETH_P_MCTP it would hand the
# packets that come, after MCTP has made them parts of messages: Linux 6.12 does not survive that.)
ETH_P_ALL = 0x0003
ETH_P_MCTP = 0x00FA
SO_RCVBUFFORCE = 33
# A page of 4 KiB in packets of 64 bytes takes about 100 KB of it.
BUFFER = 1 << 26
ARPHRD_MCTP = 290
OUTGOING = 4
START, END, OWNER = 0x80, 0x40, 0x08
NVME_MI = 0x84
RESPONSE = 0x80
# Of files: Linux cooked captures, which say what protocol each packet is of.
LINKTYPE_LINUX_SLL = 113
LARGEST = 65536


class Exchange:
    """A request to an endpoint and what answered it; whole messages with their integrity checks."""

    def __init__(self, endpoint, request):
        self.endpoint, self.request = endpoint, request
        self.responses = []

    @property
    def response(self):
        """The last: what comes before says that it takes longer. None while there is none."""
        return self.responses[-1] if self.responses else None


class Packets:
    """Listens to an interface, from now on until it is closed; to all interfaces without a name."""

    def __init__(self, interface=None):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
        if interface:
            self.socket.bind((interface, ETH_P_ALL))
        self.socket.setblocking(False)
        # All packets so far, as (whether ours, bytes), and those of messages that have yet to end.
        self.packets, self.parts = [], {}
        self.messages, self.exchanges, self.waiting = [], [], {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def collect(self):
        """Takes what has passed by now."""
        while True:
            try:
                data, (_, protocol, kind, *_) = self.socket.recvfrom(LARGEST)
            except BlockingIOError:
                return
            if protocol == ETH_P_MCTP:
                self.packets.append((kind == OUTGOING, data))
                self._assemble(data)

    def _assemble(self, packet):
        _, destination, source, flags = packet[:4]
        key = (source, destination, flags & 0x0F)
        if flags & START:
            self.parts[key] = []
        if key in self.parts:
            self.parts[key].append(packet[4:])
            if flags & END:
                self._take(source, destination, flags & 0x0F, b"".join(self.parts.pop(key)))

    def _take(self, source, destination, tag, message):
        """Finds the exchange that a whole message belongs to."""
        if message[0] != NVME_MI:
            return
        self.messages.append(message)
        if tag & OWNER and not message[1] & RESPONSE:
            exchange = self.waiting[source, destination, tag & 7] = Exchange(destination, message)
            self.exchanges.append(exchange)
        elif (destination, source, tag) in self.waiting:
            self.waiting[destination, source, tag].responses.append(message)

    def write(self, path):
        """Writes all packets so far as a capture file for Wireshark and tshark."""
        self.collect()
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, LARGEST, LINKTYPE_LINUX_SLL))
            for number, (is_ours, packet) in enumerate(self.packets):
                header = struct.pack(">HHH8sH", OUTGOING if is_ours else 0, ARPHRD_MCTP, 0, b"", ETH_P_MCTP)
                record = header + packet
                file.write(struct.pack("<IIII", number, 0, len(record), len(record)) + record)
