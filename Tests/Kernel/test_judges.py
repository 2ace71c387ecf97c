"""What libnvme-mi gets of a drive by every command that it can send, the bridge gets of an equal drive.

judge.c sends the commands of the one side and prints what came of them. Status, result and data of the two answers
agree, those of refusals included.
"""

import os

import dbus
from kernel_environment import FIRST, KernelTest

PASSTHRU = "xyz.openbmc_project.NVMeMI.Passthru1"
JUDGE = os.environ.get("NVMEMI_JUDGE", "judge")
UNAVAILABLE = 77
SECOND = FIRST + 1
GET_FEATURES, SET_FEATURES, SECURITY_SEND, SECURITY_RECEIVE = 0x0A, 0x09, 0x81, 0x82

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


def admin(words):
    """What the judge is told as (opcode, namespace, dwords 10 to 15, length, data) of an Admin command."""
    command, *arguments = words.split()
    carries = command in ("admin", "set-feature", "security-send") and arguments[-1] != "-"
    data = bytes.fromhex(arguments[-1]) if carries else b""
    if command == "admin":
        opcode, namespace, *dwords, length = (int(word, 0) for word in arguments[:-1])
        return opcode, namespace, dwords, length, data
    if command == "get-feature":
        feature, select, namespace, value, length = (int(word, 0) for word in arguments)
        return GET_FEATURES, namespace, [feature | select << 8, value], length, b""
    if command == "set-feature":
        feature, namespace, value, saves = (int(word, 0) for word in arguments[:-1])
        return SET_FEATURES, namespace, [feature | saves << 31, value], 0, data
    protocol, specific = (int(word, 0) for word in arguments[:2])
    which = protocol << 24 | specific << 8
    if command == "security-send":
        return SECURITY_SEND, 0, [which, len(data)], 0, data
    length = int(arguments[2], 0)
    return SECURITY_RECEIVE, 0, [which, length], length, b""


class LibraryJudgeTests(KernelTest):
    """libnvme-mi, through a program of ours."""

    drives = DRIVES
    expected_endpoints = len(IDENTITIES)
    # What is asked is what the tests ask.
    configuration = "health-interval-ms = 0\n"

    # Without data for features and for raw commands: Debian 12's libnvme says that there is none (DLEN).
    ADMIN = [
        "get-feature 0x02 1 0 0 0", "get-feature 0x02 2 0 0 0",
        "get-feature 0x02 3 0 0 0", "get-feature 0x02 4 0 0 0", "get-feature 0x04 0 0 0x100000 0",
        "get-feature 0x19 0 0 0 0", "get-feature 0x84 0 1 0 0",
        "get-feature 0x84 0 77 0 0", "get-feature 0x0b 0 0 0 0", "set-feature 0x02 0 2 1 -",
        "get-feature 0x02 2 0 0 0", "set-feature 0x10 0 0x01500140 0 -", "set-feature 0x10 0 0x0140 0 -",
        "set-feature 0x84 2 1 0 -", "get-feature 0x84 0 2 0 0", "set-feature 0x84 2 0 0 -",
        "security-send 0xf0 1 0102030405060708", "security-receive 0xf0 1 8", "security-receive 0 0 16",
        "security-send 0xee 1 01020304", "admin 0x06 0 0x13 0 0 0 0 0 4096 -", "admin 0x06 0 0xfe 0 0 0 0 0 4096 -",
        "admin 0x24 0 0x8030 0 0 0 0 0 0 -", "admin 0x24 0 0x8020 0 0 0 0 0 0 -",
        "admin 0x14 0 1 0 0 0 0 0 0 -", "admin 0x14 0 15 0 0 0 0 0 0 -", "admin 0x00 0 0 0 0 0 0 0 0 -",
        "admin 0xc2 0 0 0 0 0 0 0 4 -",
    ]
    # (what the judge is told, the same for the bridge: opcode, dwords, data)
    MANAGEMENT = [
        ("subsystem", (0x00, 0, 0)), ("port 0", (0x00, 0x01000000, 0)), ("port 2", (0x00, 0x01020000, 0)),
        ("port 9", (0x00, 0x01090000, 0)), ("controller 1", (0x00, 0x03000001, 0)),
        ("controller 9", (0x00, 0x03000009, 0)), ("health 0", (0x01, 0, 0)), ("health 1", (0x01, 0, 1 << 31)),
        ("config-get 0x02000001 0", (0x04, 0x02000001, 0)), ("config-get 0x00000001 0", (0x04, 0x00000001, 0)),
        ("config-get 0x02000003 0", (0x04, 0x02000003, 0)), ("config-get 0x77 0", (0x04, 0x77, 0)),
        ("config-set 0x02000201 0", (0x03, 0x02000201, 0)), ("config-set 0x02000701 0", (0x03, 0x02000701, 0)),
        ("config-set 2 0x1fff", (0x03, 2, 0x1FFF)), ("config-set 0xc0 77", (0x03, 0xC0, 77)),
        ("config-get 0xc0 0", (0x04, 0xC0, 0)), ("mi 5 0 16 -", (0x05, 0, 16)), ("mi 5 9999 16 -", (0x05, 9999, 16)),
        ("mi 0xc0 5 0 0102", (0xC0, 5, 0, b"\x01\x02")), ("mi 0x55 0 0 -", (0x55, 0, 0)),
        ("mi 0x0a 0 16 -", (0x0A, 0, 16)), ("mi 0x00 0x05000000 0 -", (0x00, 0x05000000, 0)),
        ("mi 0x02 0x81fe0000 0 -", (0x02, 0x81FE0000, 0)),
    ]

    def judge(self, words):
        """Runs the judge; the values that it prints, or None where its library lacks the function."""
        result = self.system.run(JUDGE, 1, FIRST, 0, *words.split(), check=False)
        if result.returncode == UNAVAILABLE:
            return None
        self.assertEqual(result.returncode, 0, result.stderr)
        values = dict(line.partition(" ")[::2] for line in result.stdout.splitlines())
        return int(values["status"]), int(values["result"]), bytes.fromhex(values["data"])

    def as_of_second(self, data):
        """Data of the first drive with the identity of the second."""
        for mine, others in zip(*IDENTITIES):
            data = data.replace(mine.encode(), others.encode())
        return data

    def ours(self, words):
        """Status, result and data that the bridge gets of the second drive, in the judge's way of numbers."""
        opcode, namespace, dwords, length, data = admin(words)
        numbers = {"nsid": namespace, "length": length}
        numbers |= {f"cdw{number}": value for number, value in enumerate(dwords, 10)}
        options = {name: dbus.UInt32(value) for name, value in numbers.items() if value}
        answer = self.system.call(
            self.system.controller(SECOND),
            PASSTHRU,
            "AdminCommand",
            "yaya{sv}",
            opcode,
            dbus.ByteArray(data),
            dbus.Dictionary(options | {"serial-number": IDENTITIES[1][0]}, signature="sv"),
        )
        if answer["Status"]:
            return 0x1000 + answer["Status"], 0, b""
        return int(answer["NVMeStatus"]), int(answer["Result"]), bytes(answer["Data"])

    def test_admin_commands(self):
        for command in self.ADMIN:
            with self.subTest(command=command):
                status, result, data = self.judge(command)
                theirs = (status, 0 if status else result, self.as_of_second(data).hex())
                status, result, data = self.ours(command)
                self.assertEqual((status, 0 if status else result, data.hex()), theirs)

    def test_management_commands(self):
        compared = 0
        for command, (opcode, first, second, *data) in self.MANAGEMENT:
            with self.subTest(command=command):
                theirs = self.judge(command)
                if theirs is None:
                    # Debian 12's libnvme has no function for it.
                    self.assertEqual(command.split()[0], "mi")
                    continue
                compared += 1
                ours = self.system.call(
                    self.system.endpoint(SECOND),
                    PASSTHRU,
                    "ManagementCommand",
                    "yuuaya{sv}",
                    opcode,
                    first,
                    second,
                    dbus.ByteArray(data[0] if data else b""),
                    {},
                )
                status, result, reply = theirs
                self.assertEqual(ours["Status"], status & 0xFF)
                if status == 0:
                    self.assertEqual(bytes(ours["Data"]).hex(), self.as_of_second(reply).hex())
                    if command.startswith(("config-get", "mi")):
                        self.assertEqual(ours["Response"], result)
        self.assertGreaterEqual(compared, 17)
