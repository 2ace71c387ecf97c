"""Which call has the bridge send an Admin command that somebody else has sent, and what came of either.

The members that are made for a command are called where there are some; Passthru1 is for the others. Erasing and
self-tests are among these: their members start jobs, which send more than the one command.
"""

import dataclasses
import struct

import dbus

PREFIX = "xyz.openbmc_project.NVMeMI."
SELECTIONS = ("current", "default", "saved", "capabilities")
# What Firmware Commit returns as a status, and Firmware1.Commit as a need: activation needs a reset.
RESETS = {"Conventional": 0x10B, "Subsystem": 0x110, "Controller": 0x111}
ACTIONS = (0, 1, 2, 3, 6, 7)
# Of the 15 bits of a status, those that say what it is.
WITHOUT_ADVICE = 0x07FF


@dataclasses.dataclass
class Answer:
    """What came of an Admin command: status of NVMe-MI, 15 bits of that of NVMe, result and data.

    None where the one who asked is not told.
    """

    status: int
    nvme_status: int = 0
    result: int | None = None
    data: bytes | None = None

    @classmethod
    def on_the_wire(cls, response):
        """That of a response message."""
        if response[4]:
            return cls(response[4])
        result, _, last = struct.unpack_from("<III", response, 8)
        return cls(0, last >> 17, result, response[20:-4])

    def without(self, other):
        """This answer as far as somebody knows it who got the other one."""
        if self.status or self.nvme_status & WITHOUT_ADVICE:
            return Answer(self.status, self.nvme_status)
        return Answer(
            self.status,
            self.nvme_status,
            None if other.result is None else self.result,
            None if other.data is None else self.data,
        )


    def but(self, ranges):
        """This answer with zeros for some bytes of its data."""
        data = bytearray(self.data or b"")
        for first, end in ranges:
            data[first:end] = bytes(len(data[first:end]))
        return self if self.data is None else dataclasses.replace(self, data=bytes(data))

    def differences(self, other):
        """The first bytes of the data in which two answers of equal length differ."""
        if len(self.data or b"") != len(other.data or b""):
            return f"of {len(self.data or b'')} and {len(other.data or b'')}"
        return [index for index, pair in enumerate(zip(self.data or b"", other.data or b"")) if pair[0] != pair[1]][:64]

    def __str__(self):
        data = "not told" if self.data is None else self.data.hex()
        return f"status {self.status:#x}, of NVMe {self.nvme_status:#x}, result {self.result}, data {data}"


class Request:
    """An Admin request."""

    def __init__(self, opcode, namespace, length, dwords):
        self.opcode, self.namespace, self.length, self.dwords = opcode, namespace, length, dwords
        self.controller = self.offset = 0
        self.data = b""

    @classmethod
    def on_the_wire(cls, message):
        """That of a request message."""
        opcode, _, controller, namespace, *former = struct.unpack_from("<BBH5I", message, 4)
        offset, length, _, _, *latter = struct.unpack_from("<4I6I", message, 28)
        request = cls(opcode, namespace, length, dict(enumerate(former, 2)) | dict(enumerate(latter, 10)))
        request.controller, request.offset = controller, offset
        request.data = message[68:-4]
        return request

    def field(self, dword, low, width):
        """Bits of a command dword."""
        return self.dwords[dword] >> low & (1 << width) - 1


class Call:
    """A method call, and how its values make an answer."""

    def __init__(self, interface, member, signature, *arguments, answer):
        self.member = (PREFIX + interface, member, signature)
        self.arguments = arguments
        self.answer = answer

    def of(self, system, path):
        """Makes the call; returns the Answer. What the bridge itself refuses is an error."""
        try:
            return self.answer(system.call(path, *self.member, *self.arguments))
        except dbus.DBusException as error:
            details = error.args[1] if len(error.args) > 1 else {}
            if "mi-status" not in details:
                raise
            return Answer(int(details["mi-status"]), int(details.get("nvme-status", 0)))


def _options(serial=None, **values):
    """Options by name; those that are 0 or None are left out."""
    types = {"length": dbus.UInt32, "nsid": dbus.UInt32, "size": dbus.UInt64, "capacity": dbus.UInt64}
    found = {}
    for name, value in values.items():
        name = name.replace("_", "-")
        if isinstance(value, (bool, str)):
            found[name] = value
        elif value:
            found[name] = types.get(name, dbus.UInt32)(value)
    return dbus.Dictionary(found | ({"serial-number": serial} if serial else {}), signature="sv")


def _data(value):
    return Answer(0, data=bytes(value))


def _nothing(_):
    return Answer(0)


def _identify(request, _):
    options = _options(
        controller_id=dbus.UInt16(request.field(10, 16, 16)), cns_specific_id=request.field(11, 0, 16),
        csi=request.field(11, 24, 8), uuid_index=request.field(14, 0, 7), offset=request.offset,
        length=request.length, force=True,
    )
    return Call(
        "Controller1", "Identify", "yua{sv}", request.field(10, 0, 8), request.namespace, options, answer=_data
    )


def _log_page(request, _):
    offset = request.dwords[12] | request.dwords[13] << 32
    if offset % 4 or request.offset:
        return None
    options = _options(
        length=request.length, offset=dbus.UInt64(offset), lsp=request.field(10, 8, 7), lsi=request.field(11, 16, 16),
        csi=request.field(14, 24, 8), uuid_index=request.field(14, 0, 7),
        retain_events=bool(request.field(10, 15, 1)), force=True,
    )
    return Call(
        "Controller1", "GetLogPage", "yua{sv}", request.field(10, 0, 8), request.namespace, options, answer=_data
    )


def _get_feature(request, _):
    if request.field(10, 8, 3) >= len(SELECTIONS):
        return None
    options = _options(
        select=SELECTIONS[request.field(10, 8, 3)], nsid=request.namespace, cdw11=request.dwords[11],
        length=request.length, uuid_index=request.field(14, 0, 7), force=True,
    )
    return Call(
        "Controller1", "GetFeature", "ya{sv}", request.field(10, 0, 8), options,
        answer=lambda values: Answer(0, 0, int(values[0]), bytes(values[1])),
    )


def _set_feature(request, serial):
    options = _options(
        serial, nsid=request.namespace, save=bool(request.field(10, 31, 1)), cdw12=request.dwords[12],
        cdw13=request.dwords[13], cdw15=request.dwords[15], uuid_index=request.field(14, 0, 7), force=True,
    )
    return Call(
        "ControllerControl1", "SetFeature", "yuaya{sv}", request.field(10, 0, 8), request.dwords[11],
        dbus.ByteArray(request.data), options, answer=lambda value: Answer(0, 0, int(value)),
    )


def _manage_namespace(request, serial):
    if request.field(10, 0, 4) == 1:
        options = _options(serial, force=True)
        return Call("NamespaceManagement1", "Delete", "ua{sv}", request.namespace, options, answer=_nothing)
    size, capacity = struct.unpack_from("<QQ", request.data)
    if request.field(10, 0, 4) or capacity > size:
        return None
    options = _options(serial, size=size, capacity=dbus.UInt64(capacity), format=request.data[26] & 0x0F, force=True)
    return Call(
        "NamespaceManagement1", "Create", "a{sv}", options, answer=lambda nsid: Answer(0, 0, int(nsid), b"")
    )


def _attach_namespace(request, _):
    member = ("Attach", "Detach")[request.field(10, 0, 1)]
    count, *controllers = struct.unpack("<2048H", request.data)
    which = dbus.Array(controllers[:count], signature="q")
    return Call("NamespaceManagement1", member, "uaq", request.namespace, which, answer=_nothing)


def _commit(request, serial):
    if request.field(10, 3, 3) not in ACTIONS:
        return None
    options = _options(serial, boot_partition=request.field(10, 31, 1), force=True)

    def answer(values):
        return Answer(0, RESETS.get(values["ResetNeeded"], 0))

    return Call(
        "Firmware1", "Commit", "yya{sv}", request.field(10, 0, 3), request.field(10, 3, 3), options, answer=answer
    )


def _download(request, _):
    data = dbus.ByteArray(request.data)
    return Call("Firmware1", "Download", "uay", request.dwords[11] * 4, data, answer=_nothing)


def _security_send(request, serial):
    options = _options(serial, nsid=request.namespace, nssf=request.field(10, 0, 8), force=True)
    return Call(
        "Security1", "Send", "yqaya{sv}", request.field(10, 24, 8), request.field(10, 8, 16),
        dbus.ByteArray(request.data), options, answer=_nothing,
    )


def _security_receive(request, serial):
    options = _options(serial, nsid=request.namespace, nssf=request.field(10, 0, 8), force=True)
    return Call(
        "Security1", "Receive", "yqua{sv}", request.field(10, 24, 8), request.field(10, 8, 16),
        request.dwords[11], options, answer=_data,
    )


# By opcode. A maker returns None for what its member cannot say.
MADE_FOR = {
    0x02: _log_page,
    0x06: _identify,
    0x09: _set_feature,
    0x0A: _get_feature,
    0x0D: _manage_namespace,
    0x10: _commit,
    0x11: _download,
    0x15: _attach_namespace,
    0x81: _security_send,
    0x82: _security_receive,
}


def passthru(request, serial):
    """Passthru1.AdminCommand with every dword as it was."""
    numbers = {f"cdw{number}": value for number, value in request.dwords.items()}
    if not request.data:
        numbers |= {"length": request.length, "offset": request.offset}
    options = _options(serial, nsid=request.namespace, **numbers)
    return Call(
        "Passthru1", "AdminCommand", "yaya{sv}", request.opcode, dbus.ByteArray(request.data), options,
        answer=lambda values: Answer(int(values["Status"])) if values["Status"] else Answer(
            0, int(values["NVMeStatus"]), int(values["Result"]), bytes(values["Data"])
        ),
    )


def call_for(request, serial, raw=False):
    """The Call that sends the same as a Request, to the drive with a serial number."""
    maker = None if raw else MADE_FOR.get(request.opcode)
    return maker and maker(request, serial) or passthru(request, serial)
