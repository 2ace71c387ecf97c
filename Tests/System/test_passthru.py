"""Passthru1: commands as their caller made them, and answers as the drive gave them."""

import dbus

from environment import PASSTHRU
from members import COMMON, DRIVES, INVALID, NOT_ALLOWED, SERIALS, MemberTest

SUCCESS, INVALID_OPCODE, INVALID_PARAMETER = 0, 3, 4


class PassthruTest(MemberTest):
    eid = 10

    def admin(self, opcode, data=b"", path=None, **named):
        return self.call(
            path or self.controller, PASSTHRU, "AdminCommand", "yaya{sv}", opcode,
            dbus.ByteArray(data), **named,
        )

    def manage(self, opcode, dword0=0, dword1=0, data=b"", path=None, **named):
        return self.call(
            path or self.path, PASSTHRU, "ManagementCommand", "yuuaya{sv}", opcode, dword0, dword1,
            dbus.ByteArray(data), **named,
        )

    def pcie(self, opcode, offset, data=b"", path=None, **named):
        return self.call(
            path or self.controller, PASSTHRU, "PCIeCommand", "ytaya{sv}", opcode, offset,
            dbus.ByteArray(data), **named,
        )


class PassthruTests(PassthruTest):
    def test_management_command(self):
        # VPD Read of the common header, on endpoint and controller alike.
        for path in (self.path, self.controller):
            answer = self.manage(0x05, 0, 8, path=path)
            self.assertEqual(answer["Status"], SUCCESS)
            self.assertEqual(answer["StatusName"], "Success (00h)")
            self.assertEqual(answer["Data"][0], 1)
            self.assertEqual(len(answer["Data"]), 8)
        # Configuration Get of the SMBus frequency of port 2.
        answer = self.manage(0x04, 0x02000001)
        self.assertEqual((answer["Status"], answer["Data"]), (SUCCESS, b""))
        self.assertIn(answer["Response"] & 0xF, (1, 2, 3))
        self.logged(action="Passthru", command="VPD Read", outcome="done", serial_number=self.serial)

    def test_refusals_of_nvme_mi_are_data(self):
        answer = self.manage(0x77)
        self.assertEqual(answer["Status"], INVALID_OPCODE)
        self.assertIn("Invalid Command Opcode", answer["StatusName"])
        answer = self.manage(0x00, 9 << 24)
        self.assertEqual(answer["Status"], INVALID_PARAMETER)
        self.assertEqual(answer["ParameterError"], (0, 11))
        answer = self.admin(0x06, controller_id=77, length=4096, cdw10=1)
        self.assertEqual(answer["Status"], INVALID_PARAMETER)
        self.assertEqual(answer["ParameterError"], (0, 6))
        self.assertEqual(answer["Parameter"], "controller identifier")

    def test_admin_command(self):
        answer = self.admin(0x06, length=64, cdw10=1)
        self.assertEqual((answer["Status"], answer["NVMeStatus"]), (SUCCESS, 0))
        self.assertEqual(answer["Data"][4:24].decode().rstrip(), self.serial)
        part = self.admin(0x06, length=20, offset=4, cdw10=1)
        self.assertEqual(part["Data"], answer["Data"][4:24])
        # The endpoint needs to know which controller.
        other = self.admin(0x06, path=self.path, length=128, cdw10=1, controller_id=1)
        self.assertEqual(int.from_bytes(other["Data"][78:80], "little"), 1)
        # A controller may be asked by the object of another.
        same = self.admin(0x06, length=128, cdw10=1, controller_id=1)
        self.assertEqual(same["Data"], other["Data"])

    def test_refusals_of_nvme_are_data(self):
        answer = self.admin(0x06, length=4096, nsid=200)
        self.assertEqual(answer["Status"], SUCCESS)
        self.assertEqual(answer["NVMeStatus"] & 0x7FF, 0x00B)
        self.assertIn("Invalid Namespace or Format", answer["NVMeStatusName"])

    def test_a_command_with_a_result_and_one_with_data(self):
        data = bytes(range(1, 9))
        self.assertEqual(self.admin(0x81, data, cdw10=0xF0 << 24, cdw11=8)["NVMeStatus"], 0)
        answer = self.admin(0x82, length=8, cdw10=0xF0 << 24, cdw11=8)
        self.assertEqual(answer["Data"], data)
        self.assertEqual(self.admin(0x09, cdw10=0x04, cdw11=0x0150)["NVMeStatus"], 0)
        self.assertEqual(self.admin(0x0A, cdw10=0x04)["Result"] & 0xFFFF, 0x0150)

    def test_data_in_the_management_endpoint_buffer(self):
        answer = self.admin(0x06, length=4096, cdw10=1, management_endpoint_buffer=True)
        self.assertEqual((answer["Status"], answer["NVMeStatus"], answer["Data"]), (SUCCESS, 0, b""))
        answer = self.manage(0x0A, 4, 20)
        self.assertEqual(answer["Data"].decode().rstrip(), self.serial)

    def test_second_slot(self):
        self.assertEqual(self.admin(0x06, length=64, cdw10=1, slot=1)["NVMeStatus"], 0)

    def test_a_drive_without_pcie_commands_says_so(self):
        before = self.requests("pcie 00")
        answer = self.pcie(0, 0, length=4)
        self.assertEqual((answer["Status"], "Data" in answer), (INVALID_OPCODE, False))
        self.assertEqual(self.requests("pcie 00"), before + 1)

    def test_what_destroys_needs_the_serial_number(self):
        admin = (self.controller, PASSTHRU, "AdminCommand", "yaya{sv}")
        manage = (self.path, PASSTHRU, "ManagementCommand", "yuuaya{sv}")
        pcie = (self.controller, PASSTHRU, "PCIeCommand", "ytaya{sv}")
        none, dword = dbus.ByteArray(b""), dbus.ByteArray(bytes(4))
        for call, named in (
            ((*admin, 0x80, none), {"nsid": 1}),
            ((*admin, 0x84, none), {"cdw10": 2}),
            ((*admin, 0x8C, none), {}),
            ((*admin, 0x0D, none), {"nsid": 1, "cdw10": 1}),
            ((*admin, 0x20, none), {"cdw10": 2}),
            ((*manage, 0x07, 0, 0, none), {}),
            ((*manage, 0x0C, 0, 0, none), {}),
            # Write protection that cannot be undone, and what writes to the registers that reset a drive.
            ((*admin, 0x09, none), {"nsid": 1, "cdw10": 0x84, "cdw11": 2}),
            ((*admin, 0x09, none), {"nsid": 1, "cdw10": 0x84, "cdw11": 3}),
            ((*pcie, 1, 0x40, dword), {}),
            ((*pcie, 3, 0x14, dword), {}),
            ((*pcie, 5, 0x10, dword), {"bar": 2}),
        ):
            with self.subTest(call=call, named=named):
                self.refused(INVALID, ["serial-number"], *call, **named)
                self.refused(NOT_ALLOWED, [SERIALS[9]], *call, serial_number=SERIALS[9], **named)

    def test_wrong_arguments_are_not_sent(self):
        none = dbus.ByteArray(b"")
        admin = (self.path, PASSTHRU, "AdminCommand", "yaya{sv}", 0x06, none)
        self.refused(INVALID, ["controller-id"], *admin, length=4096)
        admin = (self.controller, PASSTHRU, "AdminCommand", "yaya{sv}")
        self.refused(INVALID, ["'cdw1'", "cdw10"], *admin, 0x06, none, cdw1=1)
        self.refused(INVALID, ["0 to 4096"], *admin, 0x06, none, length=4100)
        self.refused(INVALID, ["multiple of 4"], *admin, 0x06, none, length=3)
        self.refused(INVALID, ["data"], *admin, 0x06, dbus.ByteArray(b"abcd"))
        self.refused(INVALID, ["slot", "0 to 1"], *admin, 0x06, none, slot=2)
        pcie = (self.controller, PASSTHRU, "PCIeCommand", "ytaya{sv}")
        self.refused(INVALID, ["no data"], *pcie, 0, 0, dbus.ByteArray(b"abcd"))
        self.refused(INVALID, ["'length'"], *pcie, 1, 0, dbus.ByteArray(b"abcd"), length=4)
        self.refused(INVALID, ["offset", "4095"], *pcie, 0, 4096, none, length=4)
        self.refused(INVALID, ["0 to 4096"], *pcie, 0, 0, none, length=4097)

    def test_what_has_no_answer_is_an_error(self):
        self.simulate(10, "SetFault", "sa{sv}", "mute", {"category": dbus.String("admin", variant_level=1)})
        try:
            self.assert_bus_error(
                COMMON + "Timeout", self.admin, 0x06, length=64, cdw10=1, timeout_ms=300
            )
        finally:
            self.simulate(10, "ClearFaults")
        self.admin(0x06, length=64, cdw10=1)


class PCIeTests(PassthruTest):
    """The drive that has PCIe commands."""

    eid = 12
    drives = DRIVES + "[drive]\nmodel = complete\nserial-number = MEMBER-COMPLETE\n"
    expected_endpoints = len(SERIALS) + 1
    serial = "MEMBER-COMPLETE"

    def test_pcie_commands(self):
        for read, write, offset, data, named in (
            # The command register, of configuration space all that can be written.
            (0, 1, 4, b"\6\4", {}),
            (2, 3, 0x100, b"\5\6\7\10\11", {"bar": 0}),
            (4, 5, 0x10, b"\12", {"bar": 2}),
        ):
            with self.subTest(read=read):
                answer = self.pcie(write, offset, data, serial_number=self.serial, **named)
                self.assertEqual((answer["Status"], bytes(answer["Data"])), (SUCCESS, b""))
                answer = self.pcie(read, offset, length=len(data), **named)
                self.assertEqual((answer["Status"], bytes(answer["Data"])), (SUCCESS, data))
                self.assertEqual(self.requests(f"pcie {write:02x}"), 1)

    def test_what_the_function_does_not_have_is_refused_as_data(self):
        answer = self.pcie(2, 0, length=4, bar=3)
        self.assertEqual((answer["Status"], "Data" in answer), (INVALID_PARAMETER, False))
        self.assertEqual(answer["ParameterError"], (0, 10))
