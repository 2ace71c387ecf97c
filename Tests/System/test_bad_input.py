"""Bad input: the standard or OpenBMC error, with what was wrong and what is allowed."""

from environment import (
    CONTROLLER,
    ENDPOINT,
    ENDPOINT_CONTROL,
    MANAGER,
    PROPERTIES,
    ROOT,
    SystemTest,
)

STANDARD = "org.freedesktop.DBus.Error."
COMMON = "xyz.openbmc_project.Common.Error."


class BadInputTests(SystemTest):
    """Every call fails with the error and words given, and the next good call works."""

    def fails(self, error, words, path, interface, member, signature="", *arguments):
        caught = self.assert_bus_error(
            error, self.system.call, path, interface, member, signature, *arguments
        )
        text = caught.get_dbus_message()
        for word in words:
            self.assertIn(word, text)
        self.system.call(self.system.endpoint(9), ENDPOINT, "GetHealth")

    def test_wrong_argument_types(self):
        self.fails(
            STANDARD + "InvalidArgs", ["port", "y", "s"],
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "ss", "SMBusFrequency", "1",
        )
        self.fails(
            STANDARD + "InvalidArgs", [],
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "s", "SMBusFrequency",
        )

    def test_unknown_configuration_names_the_known_ones(self):
        self.fails(
            STANDARD + "InvalidArgs", ["SMBusFreq'", "SMBusFrequency", "MCTPTransmissionUnit"],
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", "SMBusFreq", 1,
        )

    def test_port_that_does_not_exist_names_the_ports(self):
        self.fails(
            STANDARD + "InvalidArgs", ["port 7", "0", "1"],
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", "MCTPTransmissionUnit", 7,
        )

    def test_port_of_the_wrong_type(self):
        self.fails(
            STANDARD + "InvalidArgs", ["port 0", "PCIe"],
            self.system.endpoint(9), ENDPOINT, "ConfigGet", "sy", "SMBusFrequency", 0,
        )

    def set_fails(self, words, name, port, value):
        self.fails(
            STANDARD + "InvalidArgs", words,
            self.system.endpoint(9), ENDPOINT_CONTROL, "ConfigSet", "syv", name, port, value,
        )

    def test_values_out_of_range(self):
        self.set_fails(["63", "64"], "MCTPTransmissionUnit", 1, 63)
        self.set_fails(["65535"], "MCTPTransmissionUnit", 1, 65535)
        self.set_fails(["123456", "100000"], "SMBusFrequency", 1, 123456)
        self.set_fails(["number"], "SMBusFrequency", 1, "fast")
        self.set_fails(["Nonsense"], "HealthStatusChange", 0, ["Nonsense"])

    def test_controller_and_endpoint_that_do_not_exist(self):
        self.fails(
            STANDARD + "UnknownObject", [],
            self.system.controller(9, 77), CONTROLLER, "GetIdentity",
        )
        self.fails(
            STANDARD + "UnknownObject", [], self.system.endpoint(200), ENDPOINT, "GetHealth"
        )

    def test_unknown_members(self):
        path = self.system.endpoint(9)
        self.fails(STANDARD + "UnknownMethod", [], path, ENDPOINT, "GetWealth")
        self.fails(STANDARD + "UnknownInterface", [], path, ENDPOINT + "7", "GetHealth")
        self.fails(STANDARD + "UnknownProperty", [], path, PROPERTIES, "Get", "ss", ENDPOINT, "X")
        self.fails(
            STANDARD + "UnknownInterface", [], path, PROPERTIES, "GetAll", "s", CONTROLLER
        )
        self.fails(
            STANDARD + "PropertyReadOnly", [],
            path, PROPERTIES, "Set", "ssv", ENDPOINT, "State", "ready",
        )

    def test_unknown_option_names_the_known_ones(self):
        self.fails(
            STANDARD + "InvalidArgs", ["'nonsense'", "timeout-ms", "cns-specific-id"],
            self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0, {"nonsense": 1},
        )

    def test_option_of_the_wrong_type_or_out_of_range(self):
        for value in ("soon", 0, True):
            self.fails(
                STANDARD + "InvalidArgs", ["timeout-ms", "600000"],
                self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0,
                {"timeout-ms": value},
            )

    def test_parts_that_cannot_be(self):
        for options in ({"offset": 4096}, {"length": 5}, {"offset": 4000, "length": 200}):
            self.fails(
                STANDARD + "InvalidArgs", [],
                self.system.controller(9), CONTROLLER, "Identify", "yua{sv}", 1, 0, options,
            )

    def test_namespace_that_does_not_exist_is_the_drives_refusal(self):
        self.fails(
            COMMON + "InvalidArgument", ["Invalid Namespace", "0Bh"],
            self.system.controller(9), CONTROLLER, "GetNamespaceIdentity", "u", 999999,
        )

    def test_log_page_that_does_not_exist(self):
        page = (self.system.controller(9), CONTROLLER, "GetLogPage", "yua{sv}", 0xC5, 0)
        # The bridge knows by the drive's list; who insists is refused by the drive.
        self.fails(COMMON + "UnsupportedRequest", ["log page", "force"], *page, {"length": 512})
        self.fails(COMMON + "InvalidArgument", [], *page, {"length": 512, "force": True})
        self.fails(STANDARD + "InvalidArgs", ["length"], *page, {"force": True})

    def test_raw_refusals_point_at_the_parameter(self):
        caught = self.assert_bus_error(
            COMMON + "InvalidArgument", self.system.call,
            self.system.endpoint(9), ENDPOINT, "ReadDataStructure", "yyq", 9, 0, 0,
        )
        self.assertIn("byte 11", caught.get_dbus_message())
        details = caught.args[1] if len(caught.args) > 1 else None
        self.assertIsNotNone(details, "the details for machines")
        self.assertEqual(details["mi-status"], 4)

    def test_control_primitive_names(self):
        self.fails(
            STANDARD + "InvalidArgs", ["Resume", "Replay"],
            self.system.endpoint(9), ENDPOINT_CONTROL, "ControlPrimitive", "sq", "Explode", 0,
        )

    def test_rescan_takes_no_arguments(self):
        self.fails(STANDARD + "InvalidArgs", [], ROOT, MANAGER, "Rescan", "s", "now")
