"""NVMe-MI messages over MCTP, as a test sees and makes them: bytes from the type (84h) on, without the check.

Only what tests ask about is taken apart. Offsets are those of the NVMe-MI specification: figures
of the message header, the NVMe-MI, Admin and control primitive requests and their responses.
"""

import struct

TYPE = 0x84
CONTROL, MI, ADMIN, PCIE, EVENT = "control", "mi", "admin", "pcie", "event"
KINDS = {0: CONTROL, 1: MI, 2: ADMIN, 4: PCIE, 5: EVENT}

# Opcodes.
READ_DATA_STRUCTURE, HEALTH_POLL, CONTROLLER_HEALTH_POLL = 0x00, 0x01, 0x02
CONFIGURATION_SET, CONFIGURATION_GET, VPD_READ = 0x03, 0x04, 0x05
GET_LOG_PAGE, IDENTIFY, GET_FEATURES = 0x02, 0x06, 0x0A
PAUSE, RESUME, ABORT, GET_STATE, REPLAY = range(5)

# Statuses of a response.
SUCCESS, MORE_PROCESSING, INTERNAL_ERROR, INVALID_OPCODE, INVALID_PARAMETER = range(5)

# Statuses of NVMe, with the code type above the code.
NVME_INVALID_OPCODE, NVME_INVALID_FIELD, NVME_INVALID_NAMESPACE = 0x01, 0x02, 0x0B
NVME_MEDIA_NOT_READY, NVME_NAMESPACE_NOT_READY = 0x24, 0x82
DO_NOT_RETRY = 0x4000


def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = _crc_table()


def integrity_check(message):
    """The Message Integrity Check, CRC-32C, as its four bytes."""
    crc = 0xFFFFFFFF
    for byte in message:
        crc = crc >> 8 ^ CRC_TABLE[(crc ^ byte) & 0xFF]
    return struct.pack("<I", crc ^ 0xFFFFFFFF)


def checked(message):
    """The message with its integrity check."""
    return bytes(message) + integrity_check(message)


class Message:
    """What requests and answers have in common."""

    def __init__(self, eid, data):
        self.eid = eid
        self.data = bytes(data)
        self.is_nvme_mi = len(data) >= 5 and data[0] == TYPE
        second = data[1] if self.is_nvme_mi else 0
        self.is_answer = bool(second & 0x80)
        self.kind = KINDS.get(second >> 3 & 0xF) if self.is_nvme_mi else None
        self.slot = second & 1 if self.is_nvme_mi else None

    def number(self, offset, size=1):
        """A little-endian number; None where the message is too short for it."""
        field = self.data[offset:offset + size]
        return int.from_bytes(field, "little") if len(field) == size else None


class Request(Message):
    """A message to a drive. A field that it does not have is None."""

    # What a rule may ask for.
    FIELDS = (
        "eid", "kind", "slot", "opcode", "tag", "controller", "namespace", "dtyp", "port",
        "configuration", "cns", "log", "retain", "log_offset", "feature", "offset", "length", "gap",
    )

    opcode = tag = controller = namespace = dtyp = port = configuration = cns = log = None
    retain = log_offset = feature = offset = length = None

    def __init__(self, eid, data, gap=None):
        super().__init__(eid, data)
        # Seconds since the drive's last answer; None before the first.
        self.gap = gap
        if self.kind is None:
            return
        self.opcode = self.number(4)
        read = {CONTROL: self._read_control, MI: self._read_mi, ADMIN: self._read_admin}
        read.get(self.kind, lambda: None)()

    def _read_control(self):
        self.tag = self.number(5)

    def _read_mi(self):
        if self.opcode == READ_DATA_STRUCTURE:
            self.dtyp, self.port = self.number(11), self.number(10)
            self.controller = self.number(8, 2)
        elif self.opcode in (CONFIGURATION_GET, CONFIGURATION_SET):
            self.configuration, self.port = self.number(8), self.number(11)

    def _read_admin(self):
        self.controller, self.namespace = self.number(6, 2), self.number(8, 4)
        self.offset, self.length = self.number(28, 4), self.number(32, 4)
        if self.opcode == IDENTIFY:
            self.cns = self.number(44)
        elif self.opcode == GET_LOG_PAGE:
            self.log, self.retain = self.number(44), bool((self.number(45) or 0) & 0x80)
            self.log_offset = self.number(52, 8)
        elif self.opcode == GET_FEATURES:
            self.feature = self.number(44)

    def __repr__(self):
        fields = {name: getattr(self, name) for name in self.FIELDS}
        return " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)

    def but(self, offset, octets):
        """The request's bytes with others at an offset."""
        return replaced(self.data, offset, octets)

    # Answers to it

    def header(self):
        """The first four bytes of every answer to it."""
        return bytes([TYPE, self.data[1] | 0x80, 0, 0])

    def refusal(self, status, detail=b"\0\0\0"):
        """An answer without data: a status other than success."""
        return self.header() + bytes([status]) + detail

    def nvme_refusal(self, status):
        """An Admin command's answer with an NVMe status, which may have DO_NOT_RETRY."""
        return self.header() + bytes(12) + struct.pack("<I", status << 17)

    def answer(self, data, response=None):
        """A right answer: all that an Admin command brings, from which its slice is cut."""
        if response is None:
            response = len(data) if (self.kind, self.opcode) == (MI, READ_DATA_STRUCTURE) else 0
        if self.kind == ADMIN:
            start = self.offset or 0
            part = bytes(data)[start:start + (self.length or 0)]
            return self.header() + b"\0\0\0\0" + struct.pack("<I", response) + bytes(8) + part
        return self.header() + b"\0" + response.to_bytes(3, "little") + bytes(data)


class Answer(Message):
    """A message of a drive."""

    def __init__(self, eid, data):
        super().__init__(eid, data)
        self.status = self.number(4) if self.is_answer else None

    @property
    def is_final(self):
        """Whether no other follows for the same request."""
        return self.kind == CONTROL or self.status != MORE_PROCESSING

    @property
    def data_offset(self):
        """Where its data begin."""
        return 20 if self.kind == ADMIN else 8


def replaced(octets, offset, others):
    """Bytes with others at an offset, as far as they reach."""
    if offset < 0:
        others, offset = others[-offset:], 0
    others = others[:max(0, len(octets) - offset)]
    return octets[:offset] + bytes(others) + octets[offset + len(others):]
