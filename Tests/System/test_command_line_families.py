"""nvmemi's families of commands: logs, features, namespaces, security, VPD, resets, and commands as they are."""

import json
import os
import pathlib
import pty
import subprocess
import tempfile

import environment
from test_command_line import FAILED, NO_ENDPOINT, SUCCESS, USAGE

SERIAL = "FAMILY0001"
# What selects the content of log pages that have no content without: endurance groups and NVM sets, namespaces, and a
# context that the page is read in.
SELECTED = {number: ("--lsi", "1") for number in (0x09, 0x0A, 0x10, 0x11, 0x16, 0x20, 0x21, 0x22, 0x23)}
SELECTED |= {0x17: ("--nsid", "1"), 0xBF: ("--nsid", "1"), 0x0D: ("--lsp", "1"), 0x19: ("--lsi", "0")}


class FamilyTest(environment.SystemTest):
    expected_endpoints = 1
    drives = f"""
        [drive]
        model = complete
        serial-number = {SERIAL}
        reset-time-ms = 100
        remove = namespaces
        [namespace 1]
        size = 8GiB
        shared = yes
        [namespace 2]
        size = 4GiB
    """

    def nvmemi(self, *arguments, status=SUCCESS):
        """Runs nvmemi and checks its exit status; returns what it printed, or what it complained of."""
        result = self.system.nvmemi(*arguments, check=False)
        self.assertEqual(result.returncode, status, result.stderr)
        return result.stdout if status == SUCCESS else result.stderr

    def json(self, *arguments):
        return json.loads(self.nvmemi("--json", *arguments))

    def raw(self, *arguments):
        """The bytes that a command writes into a file."""
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "bytes")
            self.assertEqual(self.nvmemi(*arguments, "--output", file), "")
            return file.read_bytes()

    def answer(self, text, *arguments):
        """Runs nvmemi at a terminal whose person types a text; its status and what the terminal shows."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [environment.PROGRAMS / "nvmemi", f"--bus={self.system.address}", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        os.write(ours, text.encode())
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(ours)
        return process.wait(environment.PATIENCE), shown.decode()


class LogFamilyTests(FamilyTest):
    def test_logs_that_the_drive_has_are_listed(self):
        logs = {log["number"]: log for log in self.json("log", "9")}
        self.assertEqual(logs[2]["name"], "SMART / Health Information")
        self.assertTrue({0x00, 0x01, 0x02, 0x03, 0x09, 0x0C, 0x0D, 0x81, 0xC0} <= set(logs))
        self.assertNotIn(0xC1, logs)
        self.assertTrue(logs[2]["decoded"])
        self.assertFalse(logs[0xC0]["decoded"])
        self.assertRegex(self.nvmemi("log", "9"), r"(?m)^0x02 +\S.* +yes$")

    def test_every_decoded_log_is_read_by_its_name(self):
        decoded = [log for log in self.json("log", "9") if log["decoded"]]
        self.assertGreater(len(decoded), 4)
        for log in decoded:
            with self.subTest(log=log["name"]):
                self.assertTrue(self.json("log", "9", log["name"], *SELECTED.get(log["number"], ())))

    def test_name_in_any_spelling(self):
        self.assertEqual(self.json("log", "9", "sanitize"), self.json("log", "9", "sanitize-status"))
        self.nvmemi("log", "9", "no-such-log", status=USAGE)

    def test_bytes_of_a_log(self):
        self.assertEqual(len(self.raw("log", "9", "0xC0", "--length", "512")), 512)
        part = self.raw("log", "9", "smart", "--offset", "4", "--length", "8")
        self.assertEqual(part, self.raw("log", "9", "smart")[4:12])


class FeatureFamilyTests(FamilyTest):
    def test_features_are_listed_with_their_values(self):
        rows = {row["number"]: row for row in self.json("feature", "list", "9")}
        self.assertEqual(rows[2]["name"], "PowerManagement")
        self.assertEqual(rows[2]["value"]["PowerState"], 0)
        self.assertNotIn(1, rows)
        self.assertRegex(self.nvmemi("feature", "list", "9"), r"(?m)^0x02 +PowerManagement +PowerState=0")

    def test_feature_is_set_by_the_names_of_its_fields(self):
        def state(*arguments):
            return self.json("feature", "get", "9", "power-management", *arguments)["PowerState"]

        self.assertEqual(self.nvmemi("feature", "set", "9", "PowerManagement", "PowerState=1"), "")
        self.assertEqual((state(), state("--select", "saved")), (1, 0))
        self.nvmemi("feature", "set", "9", "PowerManagement", "PowerState=2", "--save")
        self.assertEqual((state(), state("--select=saved"), state("--select=default")), (2, 2, 0))
        # Another field leaves this one as it is.
        self.nvmemi("feature", "set", "9", "PowerManagement", "WorkloadHint=1")
        self.assertEqual(state(), 2)
        self.nvmemi("feature", "set", "9", "2", "--value", "0")
        self.assertEqual(state(), 0)

    def test_capabilities(self):
        capabilities = self.json("feature", "get", "9", "PowerManagement", "--select", "capabilities")
        self.assertEqual(
            capabilities, {"Saveable": True, "NamespaceSpecific": False, "Changeable": True}
        )

    def test_which_of_several_values_is_meant(self):
        threshold = self.json("feature", "get", "9", "TemperatureThreshold", "Sensor=1")
        self.assertNotEqual(threshold, self.json("feature", "get", "9", "TemperatureThreshold"))
        self.assertEqual((threshold["Sensor"], threshold["Threshold"]), (1, "OverTemperature"))
        under = self.json("feature", "get", "9", "TemperatureThreshold", "Threshold=UnderTemperature")
        self.assertEqual((under["Sensor"], under["Threshold"]), (0, "UnderTemperature"))

    def test_a_drive_that_says_it_cannot_is_asked_all_the_same(self):
        log = ("log", "9", "0xC1", "--length", "64")
        self.assertIn("force", self.nvmemi(*log, status=FAILED))
        self.assertNotIn("force", self.nvmemi(*log, "--force", status=FAILED))

    def test_write_protection_is_asked_about(self):
        setting = ("feature", "set", "9", "NamespaceWriteProtectionConfig", "State=PermanentWriteProtect", "--nsid=1")
        self.assertIn("--yes", self.nvmemi(*setting, status=USAGE))
        status, shown = self.answer("no\n", *setting)
        self.assertEqual(status, FAILED)
        self.assertIn("write protection of namespace 1", shown)
        self.assertIn(SERIAL, shown)

    def test_what_cannot_be_set(self):
        refused = self.nvmemi("feature", "set", "9", "PowerManagement", "Nonsense=1", status=FAILED)
        self.assertIn("PowerState", refused)
        self.nvmemi("feature", "set", "9", "PowerManagement", "PowerState=9", status=FAILED)
        self.nvmemi("feature", "set", "9", "PowerManagement", status=USAGE)
        self.nvmemi("feature", "get", "9", "no-such-feature", status=USAGE)


class NamespaceFamilyTests(FamilyTest):
    def namespaces(self):
        return {row["NSID"]: row for row in self.json("namespace", "list", "9")}

    def test_life_of_a_namespace(self):
        self.assertEqual(set(self.namespaces()), {1, 2})
        self.assertEqual(self.json("namespace", "create", "9", "1GiB")["nsid"], 3)
        # Attached to nobody, it is known by its number only.
        self.assertEqual(self.namespaces()[3], {"NSID": 3})
        self.nvmemi("namespace", "attach", "9", "3")
        self.wait_until(lambda: self.namespaces()[3].get("Size") == 1 << 30)
        self.nvmemi("namespace", "detach", "9", "3", "--yes")
        self.wait_until(lambda: self.namespaces()[3] == {"NSID": 3})
        self.nvmemi("namespace", "delete", "9", "3", "--yes")
        self.wait_until(lambda: set(self.namespaces()) == {1, 2})

    def wait_until(self, condition):
        self.system.ask_until(condition, "the namespaces to follow")

    def test_nothing_is_deleted_without_consent(self):
        refused = self.nvmemi("namespace", "delete", "9", "1", status=USAGE)
        for part in (SERIAL, "Simulated Complete Drive", "8.59 GB", "7.68 TB", "--yes"):
            self.assertIn(part, refused)
        self.assertIn(1, self.namespaces())

    def test_person_at_a_terminal_is_asked(self):
        status, shown = self.answer("no\n", "namespace", "delete", "9", "2")
        self.assertEqual(status, FAILED, shown)
        self.assertIn(SERIAL, shown)
        self.assertIn("Nothing was done", shown)
        self.assertIn(2, self.namespaces())

    def test_size_that_is_none(self):
        for size in ("0", "big", "1XB", "-1"):
            self.nvmemi("namespace", "create", "9", "--", size, status=USAGE)


class SecurityFamilyTests(FamilyTest):
    def test_protocols(self):
        self.assertEqual(self.nvmemi("security", "protocols", "9"), "00h\nf0h\n")

    def test_what_is_sent_is_received(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"secret!!")
            file.flush()
            send = ("security", "send", "9", "0xF0", file.name, "--specific", "1")
            self.assertIn("--yes", self.nvmemi(*send, status=USAGE))
            self.nvmemi(*send, "--yes")
        received = self.raw("security", "receive", "9", "0xF0", "--specific", "1", "--length", "8")
        self.assertEqual(received, b"secret!!")


class DriveFamilyTests(FamilyTest):
    def test_ports(self):
        ports = self.json("ports", "9")
        self.assertEqual([port["PortNumber"] for port in ports], [0, 1, 2])
        self.assertRegex(self.nvmemi("ports", "9"), r"(?m)^Port 2$")

    def test_vital_product_data(self):
        self.assertTrue(self.nvmemi("vpd", "9"))
        image = self.raw("vpd", "9")
        self.assertEqual(image[0], 1)
        self.assertIn(SERIAL.encode(), image)
        self.assertEqual(self.raw("vpd", "9", "--length", "8"), image[:8])

    def test_no_such_drive(self):
        for words in (("reset",), ("shutdown",), ("vpd",), ("ports",)):
            self.nvmemi(*words, "77", status=NO_ENDPOINT)


class PowerFamilyTests(FamilyTest):
    # A drive that resets loses its endpoint ID, and mctpd has to give it another.
    configuration = "recover-after-ms = 50\nfirst-recover-ms = 50\n"

    def test_shutdown_and_reset(self):
        for command in ("shutdown", "reset"):
            self.assertIn(SERIAL, self.nvmemi(command, "9", status=USAGE))
            self.nvmemi(command, "9", "--yes")
        self.system.wait_for_endpoints(1)


class PassthruFamilyTests(FamilyTest):
    def test_admin_command(self):
        identity = self.raw("passthru", "admin", "9", "6", "--cdw10", "1", "--length", "4096")
        self.assertEqual(identity, self.raw("identify", "9"))
        answer = self.json("passthru", "admin", "9", "6", "--cdw10", "0xEE", "--length", "64", "--force")
        self.assertEqual(answer["NVMeStatus"] & 0x7FF, 2)
        self.assertIn("--yes", self.nvmemi("passthru", "admin", "9", "0xC1", status=USAGE))

    def test_management_command(self):
        # What a vendor's command does, nobody knows.
        self.assertIn("--yes", self.nvmemi("passthru", "mi", "9", "0xC0", status=USAGE))
        answer = self.json("passthru", "mi", "9", "0xC0", "--nmd0", "0x123456", "--yes")
        self.assertEqual((answer["Status"], answer["Response"]), (0, 0x123456))
        self.assertIn("--yes", self.nvmemi("passthru", "mi", "9", "7", status=USAGE))

    def test_pcie_command(self):
        self.assertEqual(
            self.raw("passthru", "pcie", "9", "0", "--length", "4"), bytes.fromhex("e51da551")
        )
