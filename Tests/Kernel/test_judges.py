"""What nvme-cli and libnvme-mi get of a drive by every command that they can send, the bridge gets of an equal drive.

They say what they want in their own words; what they send is read from the interface, and the bridge has to send the
same to the other drive: by the member that is made for it where there is one, else raw. Status, result and data of the
two answers agree, those of refusals included.
"""

import functools
import os
import pathlib
import shutil
import subprocess

from bridge_calls import Answer, Request, call_for, passthru
from judged_commands import LATER_LIBRARY, LIBRARY_ADMIN, LIBRARY_MANAGEMENT, NOT_SENT_LATER, NVME, OWN
from kernel_environment import FIRST, PATIENCE, KernelTest, foreign
from management_calls import answer_on_the_wire, management_call, primitive_call
from messages import checked
from packets import Packets

JUDGE = os.environ.get("NVMEMI_JUDGE", "judge")
OF_NVME_MI = 0x10000
# Of more exchanges that a single command needs, the first and the last ones are judged.
MOST = 4
SECOND = FIRST + 1
CONTROL, MI, ADMIN = 0, 1, 2
# What tshark calls them in the names of fields.
LAYERS = {MI: "mi", ADMIN: "admin"}

# Two drives that differ in what tells drives apart only: serial number and qualified name.
NAMESPACES = """
    [namespace 1]
    size = 8GiB
    shared = yes
    eui64 = 0102030405060708
    nguid = 0102030405060708090a0b0c0d0e0f10
    uuid = 01020304-0506-0708-090a-0b0c0d0e0f10
    [namespace 2]
    size = 4GiB
    eui64 = 1102030405060708
    nguid = 1102030405060708090a0b0c0d0e0f10
    uuid = 11020304-0506-0708-090a-0b0c0d0e0f10
"""
IDENTITIES = [("JUDGED0001", "nqn.2014-08.test:judged-1"), ("JUDGED0002", "nqn.2014-08.test:judged-2")]
DRIVES = "".join(
    f"""
    [drive]
    model = complete
    remove = namespaces
    eid = {FIRST + index}
    serial-number = {serial}
    subsystem-nqn = {name}
    sanitize-time-ms = 1
    self-test-time-ms = 600000
    {NAMESPACES}
    """
    for index, (serial, name) in enumerate(IDENTITIES)
)

# What is compared in the end: (opcode, namespace, dword 10, length).
ALL = 0xFFFFFFFF
STATES = [
    (0x06, 0, 0x01, 4096), (0x06, 0, 0x02, 4096), (0x06, 0, 0x10, 4096), (0x06, 1, 0x00, 4096), (0x06, 2, 0x00, 4096),
    (0x06, 3, 0x12, 4096), (0x02, ALL, 0x3FF0001, 4096), (0x02, ALL, 0x7F0002, 512), (0x02, ALL, 0x7F0003, 512),
    (0x02, ALL, 0x3FF8004, 4096), (0x02, ALL, 0x8C0006, 564), (0x02, ALL, 0x7F0081, 512),
    *((0x0A, 0, feature | select << 8, 0) for feature in (0x02, 0x04, 0x10) for select in (0, 2)),
]


def category(message):
    """What kind of command or response a message is."""
    return message[1] >> 3 & 0x0F


class JudgedTest(KernelTest):
    drives = DRIVES
    expected_endpoints = len(IDENTITIES)
    # What is asked is what the tests ask.
    configuration = "health-interval-ms = 0\n"

    def setUp(self):
        self.packets = Packets()
        self.addCleanup(self.packets.close)
        self.seen = 0

    def exchanges(self):
        """What has been exchanged with the first drive since this was asked for the last time."""
        self.packets.collect()
        found = [exchange for exchange in self.packets.exchanges[self.seen :] if exchange.endpoint == FIRST]
        self.seen = len(self.packets.exchanges)
        return found

    def as_of_second(self, data):
        """Data of the first drive with the identity of the second."""
        for mine, others in zip(*IDENTITIES):
            data = data.replace(mine.encode(), others.encode())
        return data

    def judge(self, exchanges, own=()):
        """Has the bridge send the same to the second drive, and asserts that what comes of it is the same.

        But for the bytes of the data that are each drive's own.
        """
        for exchange in exchanges:
            message = exchange.request
            self.assertIsNotNone(exchange.response, "the drive has not answered the other program")
            if category(message) == ADMIN:
                request = Request.on_the_wire(message)
                path = self.system.controller(SECOND, request.controller)
                call = call_for(request, IDENTITIES[1][0])
                theirs = Answer.on_the_wire(exchange.response)
            else:
                path = self.system.endpoint(SECOND)
                call = management_call(message) if category(message) == MI else primitive_call(message)
                theirs = answer_on_the_wire(exchange.response)
            with self.subTest(sent=message[4:-4].hex(), member=call.member[1]):
                ours = call.of(self.system, path)
                if theirs.data:
                    theirs.data = self.as_of_second(theirs.data)
                ours, theirs = ours.without(theirs).but(own), theirs.without(ours).but(own)
                self.assertEqual(str(ours), str(theirs), f"they differ in bytes {ours.differences(theirs)}")

    def check_states(self):
        """After all of it the drives are alike, in what the bridge reads of both."""
        for opcode, namespace, dword, length in STATES:
            with self.subTest(opcode=opcode, namespace=namespace, dword10=hex(dword)):
                call = passthru(Request(opcode, namespace, length, {10: dword}), None)
                first, second = (call.of(self.system, self.system.controller(eid)) for eid in (FIRST, SECOND))
                first.data = self.as_of_second(first.data)
                self.assertEqual(str(first), str(second), f"they differ in bytes {first.differences(second)}")

    def check_capture(self, name):
        """Everything went over the interfaces whole, and tshark decodes it as it is, where it knows NVMe-MI."""
        file = pathlib.Path(self.system.logs) / f"{name}.pcap"
        self.packets.write(file)
        self.assertFalse([exchange for exchange in self.packets.exchanges if not exchange.responses])
        for message in self.packets.messages:
            self.assertEqual(checked(message[:-4]), message)
        dissection = dissect(self.system, file)
        if dissection is not None:
            self.assertEqual(dissection, [fields_of(message) for message in self.packets.messages])


class CommandLineJudgeTests(JudgedTest):
    """nvme-cli."""

    def setUp(self):
        super().setUp()
        self.input = self.system.directory / "input"
        image = b"SIMULATED-FIRMWARE 9.9.9\n"
        self.input.write_bytes(image + bytes(4096 - len(image)))

    def send(self, command):
        """Runs nvme-cli on the first drive; what it makes of the answer is its own business."""
        command = command.replace("INPUT", str(self.input)).replace("OUTPUT", str(self.system.directory / "output"))
        name, *words = command.split()
        return subprocess.run(
            foreign("nvme", name, f"mctp:1,{FIRST}", *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        ).stdout

    def test_the_bridge_gets_what_nvme_cli_gets(self):
        for command in NVME:
            with self.subTest(command=command):
                said = self.send(command)
                # The first asks what drive it is, each time.
                _, *exchanges = self.exchanges() or [None]
                if not exchanges and command.startswith(NOT_SENT_LATER) and self.is_later():
                    self.assertIn("not a direct transport", said)
                    continue
                self.assertTrue(exchanges, said)
                self.judge(exchanges[:MOST] + exchanges[MOST:][-MOST:], OWN.get(command, ()))
        self.check_states()
        self.check_capture("nvme-cli")

    def is_later(self):
        """Whether this is an nvme-cli later than that of Debian 12."""
        return "nvme version 2.3 " not in self.system.run(*foreign("nvme", "version")).stdout


class LibraryJudgeTests(JudgedTest):
    """libnvme-mi, through judge.c."""

    def compare(self, commands):
        """Has both send the commands."""
        result = subprocess.run(
            foreign(JUDGE, 1, FIRST, 0),
            input="".join(f"{command}\n" for command in commands),
            stdout=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        said = dict(enumerate(result.stdout.splitlines()))
        self.assertEqual(len(said), len(commands), result.stdout)
        exchanges = iter(self.exchanges())
        for number, command in enumerate(commands):
            with self.subTest(command=command):
                if said[number] == "unavailable":
                    self.assertTrue(command.startswith(LATER_LIBRARY))
                    continue
                exchange = next(exchanges)
                self.check_understanding(said[number], exchange)
                self.judge([exchange], OWN.get(command, ()))
        self.assertEqual(list(exchanges), [])

    def check_understanding(self, text, exchange):
        """Asserts that the library tells its caller what the drive has answered."""
        if text.startswith("failed"):
            # libnvme 1.3 takes no answer of another length, a list of two controllers for one.
            self.assertNotEqual(len(exchange.response) % 4, 0, text)
            return
        status, result, data = text.split()
        is_admin = category(exchange.request) == ADMIN
        answer = (Answer.on_the_wire if is_admin else answer_on_the_wire)(exchange.response)
        self.assertEqual(int(status), OF_NVME_MI + answer.status if answer.status else answer.nvme_status)
        if int(status) == 0 and int(result):
            self.assertEqual(int(result), answer.result)
        if data != "-":
            self.assertEqual(data, answer.data.hex()[: len(data)])

    def test_admin_commands(self):
        self.compare(LIBRARY_ADMIN)
        self.check_states()
        self.check_capture("libnvme-admin")

    def test_management_commands(self):
        self.compare(LIBRARY_MANAGEMENT)
        self.check_capture("libnvme-mi")


def fields_of(message):
    """What dissect() tells of a whole message."""
    kind, is_response = category(message), message[1] >> 7
    # tshark takes control primitives for what they are, and no further.
    code = [message[4]] if kind in LAYERS else []
    return kind, is_response, message[1] & 1, int.from_bytes(message[-4:], "big"), code


def dissect(system, file):
    """What tshark makes of the messages in a capture; None where it does not know NVMe-MI, as that of Debian 12.

    Raises AssertionError where it finds anything wrong.
    """
    if not knows_nvme_mi(system):
        return None
    shared = system.directory / file.name
    shutil.copy(file, shared)
    names = ["_ws.malformed", "_ws.expert.message", "nvme-mi.type", "nvme-mi.ror", "nvme-mi.csi", "nvme-mi.mic"]
    names += [f"nvme-mi.{layer}.{part}" for layer in LAYERS.values() for part in ("opcode", "status")]
    columns = [word for name in names for word in ("-e", name)]
    lines = system.run(*foreign("tshark", "-n", "-r", shared, "-T", "fields", *columns)).stdout.splitlines()
    found = []
    for line in lines:
        malformed, expert, kind, is_response, slot, check, *codes = line.split("\t")
        assert not malformed and not expert, line
        if kind:
            opcode_or_status = [int(code, 0) for code in codes[is_response == "True" :: 2] if code]
            found.append((int(kind, 0), int(is_response == "True"), int(slot, 0), int(check, 0), opcode_or_status))
    return found


@functools.cache
def knows_nvme_mi(system):
    """Whether tshark knows the protocol."""
    return "nvme-mi" in system.run(*foreign("tshark", "-G", "protocols")).stdout
