"""What nvme-cli and libnvme-mi read from a drive is what the bridge publishes of it.

They share no line of code with the bridge or the simulator, so that they keep both honest: they
would refuse or misread what the two misunderstand together.
"""

import dbus
from kernel_environment import (
    CONTROLLER,
    ENDPOINT,
    ENDPOINT_CONTROL,
    FIRST,
    NAMESPACE,
    PORT,
    KernelTest,
)

ALL = 0xFFFFFFFF
IDENTIFY_NAMESPACE, IDENTIFY_CONTROLLER = 0x00, 0x01
ERROR_LOG, SMART_LOG, FIRMWARE_LOG = 0x01, 0x02, 0x03


def kelvin(value):
    """A temperature of nvme-cli in degrees Celsius; None for none."""
    return value - 273 if value else None


class ForeignTest(KernelTest):
    def setUp(self):
        self.controller = self.system.controller(FIRST)
        self.endpoint = self.system.endpoint(FIRST)

    def ask(self, member, signature="", *arguments):
        """Calls a method of the bridge's controller object."""
        return self.system.call(self.controller, CONTROLLER, member, signature, *arguments)

    def assert_agree(self, ours, theirs, fields):
        """Asserts equality of fields: {our name: their name or (their name, conversion)}.

        A value that the bridge leaves out because it reports nothing must be 0 for them.
        """
        for name, other in fields.items():
            key, convert = other if isinstance(other, tuple) else (other, int)
            with self.subTest(field=name):
                self.assertEqual(ours.get(name, 0), convert(theirs[key]) or 0)


class NVMeCLITests(ForeignTest):
    def test_identify_controller_byte_for_byte(self):
        ours = self.ask("Identify", "yua{sv}", IDENTIFY_CONTROLLER, 0, {})
        self.assertEqual(len(ours), 4096)
        self.assertEqual(ours.hex(), self.system.nvme_bytes("id-ctrl").hex())

    def test_identify_controller_decoded(self):
        theirs = self.system.nvme("id-ctrl")
        identity = self.ask("GetIdentity")
        self.assert_agree(
            identity,
            theirs,
            {
                "VendorID": "vid",
                "SubsystemVendorID": "ssvid",
                "SerialNumber": ("sn", str.strip),
                "ModelNumber": ("mn", str.strip),
                "FirmwareRevision": ("fr", str.strip),
                "OrganizationallyUniqueIdentifier": "ieee",
                "ControllerID": "cntlid",
                "NVMeVersion": ("ver", lambda v: f"{v >> 16}.{v >> 8 & 0xFF}.{v & 0xFF}"),
                "ErrorLogPageEntries": ("elpe", lambda value: value + 1),
                "PowerStateCount": ("npss", lambda value: value + 1),
                "WarningTemperatureThreshold": ("wctemp", kelvin),
                "CriticalTemperatureThreshold": ("cctemp", kelvin),
                "TotalNVMCapacity": "tnvmcap",
                "UnallocatedNVMCapacity": "unvmcap",
                "MaximumNamespaceID": "nn",
                "SubsystemNQN": ("subnqn", str),
            },
        )
        properties = self.system.get_all(self.controller, CONTROLLER)
        self.assert_agree(
            properties,
            theirs,
            {
                "ModelNumber": ("mn", str.strip),
                "SerialNumber": ("sn", str.strip),
                "FirmwareRevision": ("fr", str.strip),
                "VendorID": "vid",
                "SubsystemVendorID": "ssvid",
                "ControllerID": "cntlid",
                "TotalCapacity": "tnvmcap",
                "UnallocatedCapacity": "unvmcap",
            },
        )
        self.assertEqual(
            self.system.get(self.endpoint, ENDPOINT, "SubsystemNQN"), theirs["subnqn"]
        )

    def test_what_busctl_prints(self):
        properties = self.system.busctl(
            "call",
            "xyz.openbmc_project.NVMeMI",
            self.controller,
            "org.freedesktop.DBus.Properties",
            "GetAll",
            "s",
            CONTROLLER,
        )[0]
        theirs = self.system.nvme("id-ctrl")
        self.assertEqual(properties["ModelNumber"], {"type": "s", "data": theirs["mn"].strip()})
        self.assertEqual(properties["SerialNumber"], {"type": "s", "data": theirs["sn"].strip()})
        self.assertEqual(properties["VendorID"], {"type": "q", "data": theirs["vid"]})

    def test_smart_log(self):
        # Counters of the simulated drive do not move by themselves, its commands' own do.
        theirs = self.system.nvme("smart-log")
        ours = self.ask("GetSmartLog")
        self.assert_agree(
            ours,
            theirs,
            {
                "CompositeTemperature": ("temperature", kelvin),
                "AvailableSpare": "avail_spare",
                "AvailableSpareThreshold": "spare_thresh",
                "PercentageUsed": "percent_used",
                "DataUnitsRead": "data_units_read",
                "DataUnitsWritten": "data_units_written",
                "HostReadCommands": "host_read_commands",
                "HostWriteCommands": "host_write_commands",
                "ControllerBusyTime": "controller_busy_time",
                "PowerCycles": "power_cycles",
                "PowerOnHours": "power_on_hours",
                "UnsafeShutdowns": "unsafe_shutdowns",
                "MediaErrors": "media_errors",
                "ErrorLogEntries": "num_err_log_entries",
                "WarningTemperatureTime": "warning_temp_time",
                "CriticalTemperatureTime": "critical_comp_time",
            },
        )
        self.assertEqual(ours["CompositeTemperature"], self.health()["CompositeTemperature"])

    def health(self):
        return self.system.call(self.endpoint, ENDPOINT, "GetHealth")

    def test_smart_log_byte_for_byte(self):
        ours = self.ask("GetLogPage", "yua{sv}", SMART_LOG, ALL, {})
        self.assertEqual(ours.hex(), self.system.nvme_bytes("smart-log").hex())

    def test_namespaces(self):
        theirs = [entry["nsid"] for entry in self.system.nvme("list-ns")["nsid_list"]]
        ours = [
            properties[NAMESPACE]["NSID"]
            for properties in self.system.objects().values()
            if NAMESPACE in properties
        ]
        self.assertTrue(theirs)
        self.assertEqual(sorted(ours), theirs)

    def test_identify_namespace(self):
        objects = [
            (path, properties[NAMESPACE])
            for path, properties in self.system.objects().items()
            if NAMESPACE in properties
        ]
        self.assertTrue(objects)
        for path, properties in objects:
            nsid = properties["NSID"]
            with self.subTest(nsid=nsid):
                theirs = self.system.nvme("id-ns", f"--namespace-id={nsid}")
                block = 1 << theirs["lbafs"][theirs["flbas"] & 0xF]["ds"]
                self.assertEqual(path, f"{self.endpoint}/namespaces/{nsid}")
                self.assertEqual(properties["BlockSize"], block)
                self.assertEqual(properties["Size"], theirs["nsze"] * block)
                self.assertEqual(properties["Capacity"], theirs["ncap"] * block)
                self.assertEqual(properties["Utilization"], theirs["nuse"] * block)
                self.assert_agree(
                    self.ask("GetNamespaceIdentity", "u", nsid),
                    theirs,
                    {
                        "Size": "nsze",
                        "Capacity": "ncap",
                        "Utilization": "nuse",
                        "LBAFormatCount": ("nlbaf", lambda value: value + 1),
                        "LBAFormat": ("flbas", lambda value: value & 0xF),
                        "NVMCapacity": "nvmcap",
                    },
                )
                data = self.ask("Identify", "yua{sv}", IDENTIFY_NAMESPACE, nsid, {})
                raw = self.system.nvme_bytes("id-ns", f"--namespace-id={nsid}")
                self.assertEqual(data.hex(), raw.hex())

    def test_error_log(self):
        # Something to log: an Identify that no controller has.
        with self.assertRaises(dbus.DBusException):
            self.ask("Identify", "yua{sv}", 0xEF, 0, {})
        theirs = self.system.nvme("error-log", "--log-entries=4")["errors"]
        ours = self.ask("GetErrorLog", "u", 4)
        theirs = [entry for entry in theirs if entry["error_count"]]
        self.assertEqual(
            [entry["ErrorCount"] for entry in ours], [entry["error_count"] for entry in theirs]
        )
        for our, their in zip(ours, theirs):
            self.assert_agree(
                our,
                their,
                {
                    "SubmissionQueueID": "sqid",
                    "CommandID": "cmdid",
                    "StatusField": ("status_field", lambda value: value),
                    # nvme-cli prints it with a sign.
                    "NamespaceID": ("nsid", lambda value: value & ALL),
                },
            )
        length = 4 * 64
        data = self.ask("GetLogPage", "yua{sv}", ERROR_LOG, ALL, {"length": length})
        raw = self.system.nvme_bytes("error-log", "--log-entries=4")
        self.assertEqual(data.hex(), raw[:length].hex())

    def test_firmware_log(self):
        (theirs,) = self.system.nvme("fw-log").values()
        ours = self.ask("GetFirmwareLog")
        self.assertEqual(ours["ActiveSlot"], theirs["Active Firmware Slot (afi)"] & 7)
        data = self.ask("GetLogPage", "yua{sv}", FIRMWARE_LOG, ALL, {})
        self.assertEqual(data.hex(), self.system.nvme_bytes("fw-log").hex())
        revision = data[8 * ours["ActiveSlot"] :][:8].decode().strip()
        self.assertEqual(ours[f"FirmwareRevisionSlot{ours['ActiveSlot']}"], revision)
        self.assertEqual(self.system.nvme("id-ctrl")["fr"].strip(), revision)


class LibnvmeTests(ForeignTest):
    """libnvme's own example program: the commands of NVMe-MI itself, which nvme-cli has not."""

    def test_subsystem_ports_and_health(self):
        # Health first: the example clears the change flags that it reads.
        health = self.system.call(self.endpoint, ENDPOINT, "GetHealth")
        lines = self.system.mi_mctp("info")
        texts = dict(lines)
        ports = {
            properties[PORT]["PortNumber"]: properties[PORT]
            for properties in self.system.objects().values()
            if PORT in properties
        }
        self.assertEqual(len(ports), int(texts["num ports"]))
        self.assertEqual(
            self.system.get(self.endpoint, ENDPOINT, "MIVersion"),
            f"{texts['major ver']}.{texts['minor ver']}",
        )

        types = {"inactive": "Inactive", "PCIe": "PCIe", "SMBus": "TwoWire"}
        number = -1
        for label, text in lines:
            if label.startswith("port "):
                number = int(label.split()[1])
            elif label.startswith("type "):
                kind = label.split()[1].partition("[")[0]
                self.assertEqual(ports[number]["Type"], types[kind])
            elif label == "MCTP MTU":
                self.assertEqual(ports[number]["MaximumTransmissionUnit"], int(text))
            elif label == "MEB size":
                self.assertEqual(ports[number]["ManagementEndpointBufferSize"], int(text))
            elif label == "PCIe max link width":
                information = ports[number]["Information"]
                self.assertEqual(information["MaximumLinkWidth"], int(text, 16))
            elif label == "MCTP address":
                information = ports[number]["Information"]
                self.assertEqual(information["ManagementEndpointAddress"], int(text, 16))

        status = int(texts["subsystem status"], 16)
        self.assertEqual(health["DriveFunctional"], bool(status & 0x20))
        self.assertEqual(health["ResetRequired"], not status & 0x10)
        self.assertEqual(health["SMARTWarnings"], [])
        self.assertEqual(int(texts["smart warnings"], 16), 0xFF)
        self.assertEqual(health["CompositeTemperature"], int(texts["composite temp"]))
        self.assertEqual(
            health["PercentageDriveLifeUsed"], int(texts["drive life used"].rstrip("%"))
        )

    def test_controllers(self):
        lines = self.system.mi_mctp("controllers")
        theirs = [int(text) for label, text in lines if label == "Controller id"]
        ours = [
            properties[CONTROLLER]
            for properties in self.system.objects().values()
            if CONTROLLER in properties
        ]
        self.assertEqual([controller["ControllerID"] for controller in ours], theirs)
        texts = dict(lines)
        self.assertEqual(ours[-1]["PortNumber"], int(texts["port id"]))
        self.assertEqual(ours[-1]["VendorID"], int(texts["PCI vendor"], 16))
        self.assertEqual(ours[-1]["DeviceID"], int(texts["PCI device"], 16))
        self.assertEqual(ours[-1]["SubsystemVendorID"], int(texts["PCI subsys vendor"], 16))

    def test_identify_in_part(self):
        for arguments in (("identify", 0), ("identify", 0, "--partial")):
            texts = dict(self.system.mi_mctp(*arguments))
            ours = self.system.get_all(self.controller, CONTROLLER)
            self.assertEqual(ours["ModelNumber"], texts["Model number"])
            self.assertEqual(ours["SerialNumber"], texts["Serial number"])
            self.assertEqual(ours["FirmwareRevision"], texts["Firmware rev"])

    def test_a_setting_of_theirs_is_seen_and_ours_by_them(self):
        ports = {
            properties[PORT]["PortNumber"]: properties[PORT]
            for properties in self.system.objects().values()
            if PORT in properties
        }
        (port,) = [number for number, port in ports.items() if port["Type"] == "TwoWire"]

        def get(name):
            return self.system.call(self.endpoint, ENDPOINT, "ConfigGet", "sy", name, port)

        def theirs():
            return dict(self.system.mi_mctp("get-config", port))

        def frequency():
            words = {"100k": 100_000, "400k": 400_000, "1M": 1_000_000}
            text = theirs()[f"SMBus access frequency (port {port})"]
            return words[text.split()[0]]

        self.assertEqual(get("MCTPTransmissionUnit"), int(theirs()[f"MCTP MTU (port {port})"]))
        self.assertEqual(get("SMBusFrequency"), frequency())

        before = frequency()
        self.system.mi_mctp("set-config", port, "freq", "400k" if before != 400_000 else "100k")
        self.assertNotEqual(frequency(), before)
        self.assertEqual(get("SMBusFrequency"), frequency())

        self.system.call(
            self.endpoint,
            ENDPOINT_CONTROL,
            "ConfigSet",
            "syv",
            "SMBusFrequency",
            port,
            # A number in a variant of the type that ConfigGet returns.
            dbus.UInt32(before, variant_level=1),
        )
        self.assertEqual(frequency(), before)
