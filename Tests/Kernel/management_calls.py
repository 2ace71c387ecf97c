"""Which call has the bridge send an MI command, or a control primitive, that somebody else has sent."""

import struct

import dbus
from bridge_calls import Answer, Call

# Of the configuration identifiers between these, and of 0, the bridge knows that they are reserved.
LAST_CONFIGURATION, FIRST_OF_VENDORS = 0x04, 0xC0
CONTROL = 0
PRIMITIVES = ("Pause", "Resume", "Abort", "GetState", "Replay")


def answer_on_the_wire(response):
    """The Answer of a response message; its result is the NVMe Management Response, or the primitive's."""
    if response[4]:
        return Answer(response[4])
    # Before that of a primitive there is the tag.
    is_primitive = response[1] >> 3 & 0x0F == CONTROL
    return Answer(0, 0, int.from_bytes(response[6 if is_primitive else 5 : 8], "little"), response[8:-4])


def _answer(values):
    return Answer(0, 0, int(values[0]), bytes(values[1]))


def _data(value):
    return Answer(0, data=bytes(value))


def _data_structure(first, _second, _data_of_request):
    arguments = first >> 24, first >> 16 & 0xFF, first & 0xFFFF
    return Call("Endpoint1", "ReadDataStructure", "yyq", *arguments, answer=_data)


def _set_configuration(first, second, data):
    arguments = first & 0xFF, first & ~0xFF, second, dbus.ByteArray(data)
    return Call("EndpointControl1", "ConfigSetRaw", "yuuay", *arguments, answer=_answer)


def _get_configuration(first, second, _):
    if not first & 0xFF or LAST_CONFIGURATION < first & 0xFF < FIRST_OF_VENDORS:
        return None
    return Call("Endpoint1", "ConfigGetRaw", "yuu", first & 0xFF, first & ~0xFF, second, answer=_answer)


def _read_vital_product_data(first, second, _):
    return Call("Endpoint1", "VPDRead", "qq", first & 0xFFFF, second & 0xFFFF, answer=_data)


# By opcode. A maker returns None for what its member cannot say.
MADE_FOR = {
    0x00: _data_structure,
    0x03: _set_configuration,
    0x04: _get_configuration,
    0x05: _read_vital_product_data,
}


def management_call(message):
    """The Call that sends what an MI request has."""
    opcode, first, second = message[4], *struct.unpack_from("<II", message, 8)
    maker = MADE_FOR.get(opcode)
    return maker and maker(first, second, message[16:-4]) or Call(
        "Passthru1", "ManagementCommand", "yuuaya{sv}", opcode, first, second, dbus.ByteArray(message[16:-4]),
        dbus.Dictionary({}, signature="sv"),
        answer=lambda values: Answer(int(values["Status"])) if values["Status"] else Answer(
            0, 0, int(values["Response"]), bytes(values["Data"])
        ),
    )


def primitive_call(message):
    """The Call that sends a control primitive to the same slot."""
    name = PRIMITIVES[message[4]] + (":1" if message[1] & 1 else "")
    (parameter,) = struct.unpack_from("<H", message, 6)
    return Call(
        "EndpointControl1", "ControlPrimitive", "sq", name, parameter, answer=lambda value: Answer(0, 0, int(value))
    )
