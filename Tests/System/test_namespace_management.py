"""NamespaceManagement1: namespaces are made, given to controllers, taken back and deleted; their objects follow."""

import struct

import dbus

from environment import (
    CONTROLLER,
    NAMESPACE,
    NAMESPACE_MANAGEMENT,
    OBJECT_MANAGER,
    PASSTHRU,
    PATIENCE,
)
from messages import TYPE, checked
from relay import connection
from members import COMMON, INVALID, NOT_ALLOWED, SERIALS, UNSUPPORTED, MemberTest

ALL = 0xFFFFFFFF


class NamespaceTest(MemberTest):
    eid = 10

    def manage(self, member, signature, *arguments, **named):
        return self.call(
            self.controller, NAMESPACE_MANAGEMENT, member, signature, *arguments, **named
        )

    def namespace(self, nsid):
        return f"{self.path}/namespaces/{nsid}"

    def wait_for_namespace(self, nsid, is_there=True):
        self.system.wait_for(
            lambda: (self.namespace(nsid) in self.system.objects()) == is_there,
            f"namespace {nsid} to be {'there' if is_there else 'gone'}",
        )


class LifeTests(NamespaceTest):
    def test_a_namespace_s_life(self):
        unallocated = self.system.get(self.controller, CONTROLLER, "UnallocatedCapacity")
        nsid = self.manage("Create", "a{sv}", size=65536, format=2, shared=True)
        self.system.wait_for_property(
            self.controller, CONTROLLER, "UnallocatedCapacity", unallocated - 65536 * 4096
        )
        # Of no controller's yet.
        self.assertNotIn(self.namespace(nsid), self.system.objects())
        since = len(self.system.signals)
        self.manage("Attach", "uaq", nsid, [0, 1])
        self.wait_for_namespace(nsid)
        self.system.wait_for_signal(since, interface=OBJECT_MANAGER, member="InterfacesAdded")
        properties = self.system.get_all(self.namespace(nsid), NAMESPACE)
        self.assertEqual(properties["BlockSize"], 4096)
        self.assertEqual(properties["Size"], 65536 * 4096)
        self.system.wait_for_property(self.namespace(nsid), NAMESPACE, "Controllers", [0, 1])
        self.manage("Detach", "uaq", nsid, [1])
        self.system.wait_for_property(self.namespace(nsid), NAMESPACE, "Controllers", [0])
        self.manage("Detach", "uaq", nsid, [0])
        self.wait_for_namespace(nsid, False)
        self.manage("Delete", "ua{sv}", nsid, serial_number=self.serial)
        self.system.wait_for_property(
            self.controller, CONTROLLER, "UnallocatedCapacity", unallocated
        )
        for action in ("Create", "Attach", "Detach", "Delete"):
            self.logged(action=f"{action}Namespace", outcome="done", serial_number=self.serial)

    def test_one_that_is_deleted_while_attached_vanishes(self):
        nsid = self.manage("Create", "a{sv}", size=8192)
        self.manage("Attach", "uaq", nsid, [0])
        self.wait_for_namespace(nsid)
        self.manage("Delete", "ua{sv}", nsid, serial_number=self.serial)
        self.wait_for_namespace(nsid, False)


class Neighbour:
    """Another program that manages drives, in command slot 1."""

    def __init__(self, demux, eid):
        self.eid = eid
        self.socket = connection()
        self.socket.settimeout(PATIENCE)
        self.socket.connect("\0" + demux)
        self.socket.send(bytes([TYPE]))

    def admin(self, opcode, nsid=0, cdw10=0, data=b""):
        """An Admin command of controller 0; returns its result."""
        message = struct.pack("<BBHBBHI", TYPE, 0x11, 0, opcode, 3, 0, nsid)
        message += struct.pack("<20xI8xI20x", len(data), cdw10) + data
        self.socket.send(bytes([self.eid]) + checked(message))
        while True:
            answer = self.socket.recv(8192)
            # The drives' answers to the daemon come here as well.
            if answer[0] == self.eid and answer[2] == 0x91:
                status, result, _, completion = struct.unpack_from("<B3xIII", answer, 5)
                if status or completion >> 17:
                    raise AssertionError(f"opcode {opcode:#x} was refused: {status} {completion:#x}")
                return result


class ElsewhereTests(NamespaceTest):
    """Somebody else manages the drive."""

    # The flag that tells stays set, and says nothing of a second change.
    configuration = "health-interval-ms = 50\nlast-retry-ms = 100\nfirst-retry-ms = 50\n"

    def test_a_namespace_made_elsewhere_appears_and_vanishes(self):
        neighbour = Neighbour(self.system.demux, self.eid)
        self.addCleanup(neighbour.socket.close)
        controllers = b"\1\0\0\0" + bytes(4092)
        blocks = (8192).to_bytes(8, "little")
        nsid = neighbour.admin(0x0D, data=blocks + blocks + bytes(4080))
        for _ in range(2):
            neighbour.admin(0x15, nsid, data=controllers)
            self.wait_for_namespace(nsid)
            neighbour.admin(0x15, nsid, 1, data=controllers)
            self.wait_for_namespace(nsid, False)

    def test_raw_commands_are_followed(self):
        def admin(opcode, data=b"", **named):
            answer = self.call(
                self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", opcode,
                dbus.ByteArray(data), **named,
            )
            self.assertEqual((answer["Status"], answer["NVMeStatus"]), (0, 0), answer)
            return answer

        controllers = b"\1\0\0\0" + bytes(4092)
        blocks = (8192).to_bytes(8, "little")
        nsid = admin(0x0D, blocks + blocks + bytes(4080))["Result"]
        admin(0x15, controllers, nsid=nsid)
        self.wait_for_namespace(nsid)
        admin(0x0D, nsid=nsid, cdw10=1, serial_number=self.serial)
        self.wait_for_namespace(nsid, False)


class RefusalTests(NamespaceTest):
    def test_delete_needs_the_serial_number(self):
        delete = (self.controller, NAMESPACE_MANAGEMENT, "Delete", "ua{sv}")
        for nsid in (1, ALL):
            self.refused(INVALID, ["Delete", "serial-number"], *delete, nsid)
            for wrong in ("", SERIALS[9], self.serial.lower(), self.serial + " "):
                self.refused(
                    NOT_ALLOWED, [self.serial, f"'{wrong}'"], *delete, nsid, serial_number=wrong
                )
        self.logged(action="DeleteNamespace", outcome=".*not 'MEMBER-U2'")
        self.assertIn(self.namespace(1), self.system.objects())

    def test_wrong_arguments_are_not_sent(self):
        create = (self.controller, NAMESPACE_MANAGEMENT, "Create", "a{sv}")
        self.refused(INVALID, ["'size'", "logical blocks"], *create)
        self.refused(INVALID, ["size", "integer from 1"], *create, size=0)
        self.refused(INVALID, ["capacity", "0 to 10"], *create, size=10, capacity=11)
        self.refused(INVALID, ["format", "0 to 63"], *create, size=10, format=64)
        self.refused(INVALID, ["'blocks'", "capacity"], *create, size=10, blocks=10)
        self.refused(NOT_ALLOWED, ["OTHER"], *create, size=10, serial_number="OTHER")
        delete = (self.controller, NAMESPACE_MANAGEMENT, "Delete", "ua{sv}")
        self.refused(INVALID, ["nsid is 0"], *delete, 0, serial_number=self.serial)
        for member in ("Attach", "Detach"):
            attach = (self.controller, NAMESPACE_MANAGEMENT, member, "uaq")
            self.refused(INVALID, ["nsid is 0"], *attach, 0, [0])
            self.refused(INVALID, ["1 to 2047"], *attach, 1, [])
            self.refused(INVALID, ["different"], *attach, 1, [0, 0])
            self.refused(INVALID, ["2048"], *attach, 1, list(range(2048)))

    def test_what_the_drive_refuses_is_told(self):
        error = self.assert_bus_error(
            COMMON + "TooManyResources", self.manage, "Create", "a{sv}", size=1 << 50
        )
        self.assertIn("Namespace Insufficient Capacity", error.get_dbus_message())

    def test_a_drive_without_namespace_management_is_not_asked(self):
        controller = self.system.controller(11)
        for member, signature, arguments, named in (
            ("Create", "a{sv}", (), {"size": 10}),
            ("Delete", "ua{sv}", (1,), {"serial_number": SERIALS[11]}),
            ("Attach", "uaq", (1, [0]), {}),
            ("Detach", "uaq", (1, [0]), {}),
        ):
            with self.subTest(member=member):
                error = self.refused(
                    UNSUPPORTED, ["does not have"], controller, NAMESPACE_MANAGEMENT, member, signature,
                    *arguments, **named,
                )
                # Advised is what there is.
                self.assertEqual("force" in error.get_dbus_message(), member in ("Create", "Delete"))


class OptionalSerialNumberTests(NamespaceTest):
    configuration = NamespaceTest.configuration + "require-serial-number = no\n"

    def test_delete_without_it(self):
        nsid = self.manage("Create", "a{sv}", size=8192)
        # One that is given is compared all the same.
        self.refused(
            NOT_ALLOWED, [], self.controller, NAMESPACE_MANAGEMENT, "Delete", "ua{sv}", nsid,
            serial_number="OTHER",
        )
        self.manage("Delete", "ua{sv}", nsid)
