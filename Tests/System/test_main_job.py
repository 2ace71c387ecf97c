"""The main job: endpoints appear on the bus and their methods answer, to clients that are not ours."""

import xml.etree.ElementTree as ElementTree

from environment import (
    BRIDGE,
    CONTROLLER,
    ENDPOINT,
    ENDPOINT_CONTROL,
    INTROSPECTABLE,
    MANAGER,
    NAMESPACE,
    PORT,
    ROOT,
    SIMULATOR,
    SystemTest,
)


class MainJobTests(SystemTest):
    """One drive of the default model, and a dual-port one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system.call(
            ROOT + "/simulator", SIMULATOR + "1", "Plug", "a{sv}", {"model": "dual-port"},
            destination=SIMULATOR,
        )
        cls.system.wait_for_endpoints(2)

    def busctl_call(self, path, interface, member, *arguments):
        return self.system.busctl("call", BRIDGE, path, interface, member, *arguments)

    def test_tree_shows_endpoints_and_what_is_below_them(self):
        tree = self.system.run(
            "busctl", f"--address={self.system.address}", "--list", "tree", BRIDGE
        ).stdout.split()
        for path in (
            ROOT,
            f"{ROOT}/networks/1",
            self.system.endpoint(9),
            self.system.endpoint(9) + "/ports/0",
            self.system.endpoint(9) + "/ports/1",
            self.system.controller(9),
            self.system.endpoint(9) + "/namespaces/1",
            self.system.controller(10, 1),
        ):
            self.assertIn(path, tree)

    def test_get_health(self):
        health = self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.assertIs(health["DriveFunctional"], True)
        self.assertEqual(health["SMARTWarnings"], [])
        self.assertIsInstance(health["CompositeTemperature"], int)
        [by_busctl] = self.busctl_call(self.system.endpoint(9), ENDPOINT, "GetHealth")
        self.assertEqual(
            by_busctl["CompositeTemperature"]["data"], health["CompositeTemperature"]
        )

    def test_get_controller_health_of_both_controllers(self):
        controllers = self.system.call(self.system.endpoint(10), ENDPOINT, "GetControllerHealth")
        self.assertEqual([entry["ControllerID"] for entry in controllers], [0, 1])

    def test_config_get(self):
        [frequency] = self.busctl_call(
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", "1"
        )
        self.assertEqual(frequency, {"type": "u", "data": 400000})

    def test_config_set_is_read_back(self):
        path = self.system.endpoint(9)
        self.busctl_call(
            path, ENDPOINT_CONTROL, "ConfigSet", "syv", "MCTPTransmissionUnit", "1", "q", "128"
        )
        [unit] = self.busctl_call(path, ENDPOINT, "ConfigGet", "sy", "MCTPTransmissionUnit", "1")
        self.assertEqual(unit, {"type": "q", "data": 128})
        self.busctl_call(
            path, ENDPOINT_CONTROL, "ConfigSet", "syv", "SMBusFrequency", "1", "u", "400000"
        )
        [frequency] = self.busctl_call(path, ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", "1")
        self.assertEqual(frequency["data"], 400000)

    def test_health_status_change_is_read_and_cleared(self):
        path = self.system.endpoint(9)
        self.system.call(path, ENDPOINT_CONTROL, "ClearHealth")
        self.assertEqual(
            self.system.call(path, ENDPOINT, "ConfigGet", "sy", "HealthStatusChange", 0), []
        )

    def test_identify(self):
        [data] = self.busctl_call(
            self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", "1", "0", "0"
        )
        self.assertEqual(len(data), 4096)
        serial = bytes(data[4:24]).decode("ascii").strip()
        model = bytes(data[24:64]).decode("ascii").strip()
        properties = self.system.get_all(self.system.controller(9), CONTROLLER)
        self.assertEqual(properties["SerialNumber"], serial)
        self.assertEqual(properties["ModelNumber"], model)
        part = self.system.call(
            self.system.controller(9),
            CONTROLLER,
            "Identify",
            "yua{sv}",
            1,
            0,
            {"offset": 24, "length": 40},
        )
        self.assertEqual(bytes(part), bytes(data[24:64]))

    def test_identity_is_decoded(self):
        identity = self.system.call(self.system.controller(9), CONTROLLER, "GetIdentity")
        properties = self.system.get_all(self.system.controller(9), CONTROLLER)
        self.assertEqual(identity["SerialNumber"], properties["SerialNumber"])
        self.assertEqual(identity["VendorID"], properties["VendorID"])

    def test_logs_are_decoded(self):
        path = self.system.controller(9)
        smart = self.system.call(path, CONTROLLER, "GetSmartLog")
        raw = self.system.call(path, CONTROLLER, "GetLogPage", "yua{sv}", 2, 0xFFFFFFFF, {})
        self.assertEqual(len(raw), 512)
        self.assertEqual(smart["AvailableSpare"], raw[3])
        self.assertEqual(smart["PercentageUsed"], raw[5])
        self.assertEqual(
            smart["CompositeTemperature"], int.from_bytes(raw[1:3], "little") - 273
        )
        self.assertEqual(smart["PowerOnHours"], int.from_bytes(raw[128:144], "little"))
        firmware = self.system.call(path, CONTROLLER, "GetFirmwareLog")
        self.assertIn("ActiveSlot", firmware)
        self.assertIsInstance(
            self.system.call(path, CONTROLLER, "GetErrorLog", "u", 4), list
        )

    def test_log_pages_of_many_messages_and_parts(self):
        path = self.system.controller(9)
        whole = self.system.call(
            path, CONTROLLER, "GetLogPage", "yua{sv}", 5, 0xFFFFFFFF, {"length": 4096}
        )
        self.assertEqual(len(whole), 4096)
        part = self.system.call(
            path, CONTROLLER, "GetLogPage", "yua{sv}", 5, 0xFFFFFFFF, {"length": 64, "offset": 32}
        )
        self.assertEqual(bytes(part), bytes(whole[32:96]))

    def test_namespaces(self):
        properties = self.system.get_all(
            self.system.endpoint(9) + "/namespaces/1", NAMESPACE
        )
        self.assertEqual(properties["NSID"], 1)
        self.assertEqual(properties["Size"] % properties["BlockSize"], 0)
        identity = self.system.call(
            self.system.controller(9), CONTROLLER, "GetNamespaceIdentity", "u", 1
        )
        self.assertEqual(
            identity["Size"] * properties["BlockSize"], properties["Size"]
        )

    def test_ports(self):
        pcie = self.system.get_all(self.system.endpoint(9) + "/ports/0", PORT)
        two_wire = self.system.get_all(self.system.endpoint(9) + "/ports/1", PORT)
        self.assertEqual(pcie["Type"], "PCIe")
        self.assertEqual(two_wire["Type"], "TwoWire")
        self.assertGreaterEqual(two_wire["MaximumTransmissionUnit"], 64)

    def test_raw_forms(self):
        path = self.system.endpoint(9)
        data = self.system.call(path, ENDPOINT, "ReadDataStructure", "yyq", 0, 0, 0)
        self.assertEqual(len(data), 32)
        response, data = self.system.call(path, ENDPOINT, "ConfigGetRaw", "yuu", 1, 0x01000000, 0)
        self.assertIn(response, (1, 2, 3))
        self.assertEqual(data, b"")
        state = self.system.call(
            path, ENDPOINT_CONTROL, "ControlPrimitive", "sq", "GetState", 0
        )
        self.assertEqual(state & 3, 0)

    def test_vital_product_data(self):
        data = self.system.call(self.system.endpoint(9), ENDPOINT, "VPDRead", "qq", 0, 8)
        self.assertEqual(len(data), 8)
        self.assertEqual(sum(data) % 256, 0, "the FRU header's checksum")

    def test_statistics_count(self):
        path = self.system.endpoint(9)
        before = self.system.call(path, ENDPOINT, "GetStatistics")
        self.system.call(path, ENDPOINT, "GetHealth")
        after = self.system.call(path, ENDPOINT, "GetStatistics")
        self.assertEqual(after["Commands"], before["Commands"] + 1)
        self.assertEqual(after["Answers"], before["Answers"] + 1)
        self.assertEqual(after["QueueDepth"], 0)
        self.assertGreater(after["BytesSent"], before["BytesSent"])
        self.assertGreater(after["BytesReceived"], before["BytesReceived"])
        latencies = after["Latencies"]["NVM Subsystem Health Status Poll"]
        self.assertEqual(
            latencies["Count"],
            before["Latencies"].get("NVM Subsystem Health Status Poll", {"Count": 0})["Count"] + 1,
        )
        order = [latencies[name] for name in ("Minimum", "Median", "Percentile99", "Maximum")]
        self.assertEqual(order, sorted(order))
        self.assertGreater(order[0], 0)
        numbers = {name for name, value in after.items() if type(value) is int}
        self.assertEqual(
            numbers,
            {
                "Commands", "Answers", "Repetitions", "Timeouts", "IntegrityErrors", "Mismatches",
                "LostAnswers", "MoreProcessing", "Refused", "Recoveries", "Cancelled", "Dropped",
                "BytesSent", "BytesReceived", "QueueDepth", "LearntGap",
            },
        )

    def test_properties_of_the_endpoint(self):
        properties = self.system.get_all(self.system.endpoint(9), ENDPOINT)
        self.assertEqual(properties["EID"], 9)
        self.assertEqual(properties["NetworkId"], 1)
        self.assertEqual(properties["State"], "ready")
        self.assertRegex(properties["MIVersion"], r"^\d+\.\d+$")
        self.assertRegex(properties["SubsystemNQN"], r"^nqn\.")
        self.assertRegex(properties["UUID"], r"^[0-9a-f-]{36}$")

    def test_manager(self):
        self.assertEqual(
            self.system.get(ROOT, MANAGER, "Endpoints"),
            [self.system.endpoint(9), self.system.endpoint(10)],
        )
        self.assertRegex(self.system.get(ROOT, MANAGER, "Version"), r"^\d+\.\d+\.\d+$")
        self.system.call(ROOT, MANAGER, "Rescan")
        self.system.wait_for_endpoints(2)

    def test_get_all_with_an_empty_interface_gives_everything(self):
        everything = self.system.get_all(self.system.endpoint(9), "")
        self.assertEqual(everything["EID"], 9)

    def test_introspection_names_every_argument(self):
        for path in (ROOT, self.system.endpoint(9), self.system.controller(9)):
            document = ElementTree.fromstring(
                self.system.call(path, INTROSPECTABLE, "Introspect")
            )
            for interface in document.findall("interface"):
                for argument in interface.findall("method/arg"):
                    self.assertTrue(argument.get("name"), f"{path} {interface.get('name')}")

    def test_managed_objects_are_what_is_published(self):
        objects = self.system.objects()
        self.assertIn(self.system.controller(10, 1), objects)
        self.assertEqual(objects[self.system.endpoint(9)][ENDPOINT]["State"], "ready")

    def test_gdbus_understands_the_objects(self):
        result = self.system.run(
            "gdbus", "introspect", f"--address={self.system.address}", "--dest", BRIDGE,
            "--object-path", self.system.endpoint(9),
        )
        self.assertIn("GetHealth", result.stdout)
