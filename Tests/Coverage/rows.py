"""The rows of the coverage table: each thing that libnvme-mi can do, and each that NVMe-MI has and it has not.

What is written here is where the bridge has it and which test shows it; coverage.py checks that all of it exists.
"""

import dataclasses


@dataclasses.dataclass
class Row:
    """One thing; `bus` are members of our interfaces, `commands` are those of nvmemi."""

    section: str
    number: str
    what: str
    bus: tuple = ()
    commands: tuple = ()
    elsewhere: str = ""
    tests: tuple = ()
    absent: str = ""


READ_LOG = "LogFamilyTests.test_every_decoded_log_is_read_by_its_name"
JUDGED = "CommandLineJudgeTests.test_the_bridge_gets_what_nvme_cli_gets"
LIBRARY_JUDGED = "LibraryJudgeTests.test_admin_commands"
GET_LOG = ("Controller1.GetLogPage",)

OBJECTS = [
    ("Root object with a log and its level", dict(
        bus=("Diagnostics1.LogLevel",), elsewhere="`nvmemid --log-level`",
        tests=("LogLevelTests.test_level_is_changed_and_told",))),
    ("Probe for oddities of a drive, on and off", dict(
        elsewhere="rules for drives in the configuration", tests=("DriveRuleTests.testDriveThatIsKnownToLoseCommandsGetsItsGap",))),
    ("Endpoint by network and EID", dict(
        bus=("Endpoint1",), commands=("show",),
        tests=("CommandLineTests.test_every_way_to_name_an_endpoint",))),
    ("End of an endpoint", dict(
        elsewhere="objects go when mctpd's do", tests=("SimulatedNetworkTests.testTimersOfADriveEndWithIt",))),
    ("Endpoints that mctpd lists", dict(
        bus=("Manager1.Endpoints",), commands=("list",), tests=("CommandLineTests.test_list",))),
    ("Walk over endpoints", dict(bus=("Manager1.Endpoints",), tests=("CommandLineTests.test_list",))),
    ("Controllers of an endpoint", dict(
        bus=("Controller1",), tests=("LibnvmeTests.test_controllers", "ModelTest.test_controllers"))),
    ("Walk over controllers", dict(bus=("Controller1",), tests=("LibnvmeTests.test_controllers",))),
    ("Controller by its identifier", dict(
        bus=("Controller1",), tests=("ModelTest.test_identify_controller_byte_for_byte",))),
    ("Identifier of a controller", dict(
        bus=("Controller1.ControllerID",), tests=("LibnvmeTests.test_controllers",))),
    ("Endpoint in words", dict(
        commands=("show",), tests=("CommandLineTests.test_every_way_to_name_an_endpoint",))),
    ("Time limit of commands", dict(
        elsewhere="option `timeout-ms` of each call, `command-timeout-ms`",
        tests=("EndpointSessionTests.testMuteDriveFailsExactlyAtTheLimit",))),
    ("Limit of More Processing Required", dict(
        elsewhere="a limit of the whole, not of each wait",
        tests=("EndpointSessionTests.testMoreProcessingRequiredAgainAndAgainEndsAtTheLongestLimit",))),
    ("Choice of the command slot", dict(
        bus=("Passthru1.ManagementCommand",), commands=("passthru",),
        tests=("EndpointSessionTests.testHealthPollUsesTheSecondSlotWhileTheFirstIsBusy",
               "PassthruTests.test_second_slot"))),
    ("Watching requests and responses", dict(
        bus=("Diagnostics1.StartCapture",), commands=("capture",),
        tests=("CommandLineTests.test_capture",))),
    ("Status of NVMe-MI in words", dict(
        bus=("Passthru1.ManagementCommand",), tests=("StatusTests.testDeviceErrorInWords",))),
    ("Integrity check", dict(
        elsewhere="module `NVMeMI`", tests=("MessageIntegrityCheckTests.testKnownValues",))),
    ("Reserved tags, and More Processing Required followed", dict(
        elsewhere="modules `MCTP` and `NVMeMIClient`",
        tests=("EndpointSessionTests.testMoreProcessingRequiredIsFollowed",
               "RestingTagTests.testTagsAreUsedInRotationAndCostNoCalls"))),
    ("Known oddities of devices", dict(
        elsewhere="rules for drives in the configuration",
        tests=("EndpointSessionTests.testMinimumGapIsKept", "DriveRuleTests.testDriveThatIsKnownToLoseCommandsGetsItsGap"))),
    ("Raw MI command", dict(
        bus=("Passthru1.ManagementCommand",), commands=("passthru mi",),
        tests=("PassthruTests.test_management_command",
               "PassthruFamilyTests.test_management_command"))),
    ("Raw Admin command", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",),
        tests=("PassthruTests.test_admin_command",
               "PassthruFamilyTests.test_admin_command"))),
    ("Admin command as the ioctl takes it", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",), tests=("PassthruTests.test_admin_command",))),
    ("Control primitives", dict(
        bus=("EndpointControl1.SendControlPrimitive",),
        tests=("PrimitiveTests.test_answers_in_words", "LibraryJudgeTests.test_management_commands"))),
    ("One handle for ioctl and MI", dict(
        absent="the bridge speaks NVMe-MI alone; a host's own driver is the host's")),
    ("Sockets that tests can replace", dict(
        elsewhere="protocol `Transport`, `ScriptedTransport` of the tests",
        tests=("DialogueFuzzTests.testAnyOrderOfEvents",))),
]

MANAGEMENT = [
    ("Subsystem information", dict(
        bus=("Endpoint1.ReadDataStructure", "Endpoint1.MIVersion"),
        tests=("LibnvmeTests.test_subsystem_ports_and_health",))),
    ("Port information", dict(
        bus=("Port1.Information",), commands=("ports",),
        tests=("LibnvmeTests.test_subsystem_ports_and_health", "DriveFamilyTests.test_ports"))),
    ("Controller list, from any identifier on", dict(
        bus=("Endpoint1.ReadDataStructure",),
        tests=("ReadDataStructureTests.testControllerListBeginsWhereItIsWanted",))),
    ("Controller information", dict(
        bus=("Controller1",), tests=("LibnvmeTests.test_controllers",))),
    ("NVM Subsystem Health Status Poll, clearing too", dict(
        bus=("Endpoint1.GetHealth", "EndpointControl1.ClearHealth"), commands=("health",),
        tests=("LibnvmeTests.test_subsystem_ports_and_health",))),
    ("Raw Configuration Get", dict(bus=("Endpoint1.ConfigGetRaw",), tests=("ConfigurationTests.testRawForm", "LibraryJudgeTests.test_management_commands"))),
    ("Raw Configuration Set", dict(bus=("EndpointControl1.ConfigSetRaw",), tests=("ConfigurationTests.testRawForm", "LibraryJudgeTests.test_management_commands"))),
    ("Reading the SMBus frequency", dict(
        bus=("Endpoint1.ConfigGet",), commands=("config get",),
        tests=("LibnvmeTests.test_a_setting_of_theirs_is_seen_and_ours_by_them",))),
    ("Setting the SMBus frequency", dict(
        bus=("EndpointControl1.ConfigSet",), commands=("config set",),
        tests=("LibnvmeTests.test_a_setting_of_theirs_is_seen_and_ours_by_them",))),
    ("Clearing health status change flags", dict(
        bus=("EndpointControl1.ConfigSet",),
        tests=("ConfigurationTests.testHealthStatusChange",))),
    ("Reading the MCTP transmission unit", dict(
        bus=("Endpoint1.ConfigGet",), commands=("config get",),
        tests=("CommandLineTests.test_settings",))),
    ("Setting the MCTP transmission unit", dict(
        bus=("EndpointControl1.ConfigSet",), commands=("config set",),
        tests=("CommandLineTests.test_settings",))),
    ("Asynchronous event configuration", dict(
        bus=("Endpoint1.ConfigGetRaw",), tests=("EventTests.testSupportedEvents",))),
    ("Enabling and acknowledging asynchronous events", dict(
        bus=("EndpointControl1.ConfigSetRaw",),
        tests=("EventTests.testEventIsSentAfterItsDelayAndAcknowledged",))),
]

EVENTS_LATER = "receiving asynchronous events is work of its own; configuring them is there (rows 38 and 39)"
EVENTS = [
    ("Socket for events", dict(absent=EVENTS_LATER)),
    ("Enabling with a callback", dict(absent=EVENTS_LATER)),
    ("Which events are enabled", dict(
        bus=("Endpoint1.ConfigGetRaw",), tests=("AsynchronousEventTests.testSupportedEvents",))),
    ("Descriptor to poll", dict(absent=EVENTS_LATER)),
    ("Reading, passing on, acknowledging", dict(absent=EVENTS_LATER)),
    ("Walk over the events of a message", dict(
        elsewhere="module `NVMeMI`", tests=("AsynchronousEventTests.testMessage",))),
    ("Disabling all", dict(
        bus=("EndpointControl1.ConfigSetRaw",),
        tests=("EventTests.testEventsThatWereTakenBackAreNotSent",))),
    ("Fields of event lists", dict(
        elsewhere="module `NVMeMI`",
        tests=("AsynchronousEventTests.testLongerHeadersAndEntriesAreSkipped",))),
]

IDENTIFY = [
    ("Identify, whole or in part", dict(
        bus=("Controller1.Identify",), commands=("identify",),
        tests=("LibnvmeTests.test_identify_in_part",))),
    ("Any structure of a namespace", dict(
        bus=("Controller1.Identify",), commands=("identify",),
        tests=("IdentifyTests.testEverySelectorIsAnsweredOrRefused", "IdentifyNamespaceStructureTests.testNamespaceOfTheNVMCommandSet"))),
    ("Namespace (00h)", dict(
        bus=("Controller1.GetNamespaceIdentity", "Namespace1"), commands=("identify",),
        tests=("NVMeCLITests.test_identify_namespace",))),
    ("Controller (01h)", dict(
        bus=("Controller1.GetIdentity",), commands=("identify",),
        tests=("NVMeCLITests.test_identify_controller_decoded",
               "NVMeCLITests.test_identify_controller_byte_for_byte"))),
    ("Active namespaces (02h)", dict(
        bus=("Namespace1",), commands=("namespace list",), tests=("ModelTest.test_active_namespaces",))),
    ("Namespace descriptors (03h)", dict(
        bus=("Namespace1.UUID",), tests=("IdentifyTests.testDescriptorsAgreeWithTheNamespace",))),
    ("Allocated namespaces (10h)", dict(
        bus=("Controller1.Identify",), commands=("namespace list",),
        tests=("NamespaceFamilyTests.test_life_of_a_namespace",))),
    ("Allocated namespace (11h)", dict(bus=("Controller1.Identify",), tests=("IdentifyTests.testAllocatedNamespace",))),
    ("Controllers of a namespace (12h)", dict(bus=("Controller1.Identify",), tests=("IdentifyTests.testControllerLists",))),
    ("Controllers of the subsystem (13h)", dict(bus=("Controller1.Identify",), tests=("IdentifyTests.testControllerLists",))),
    ("Primary controller capabilities (14h)", dict(
        bus=("Controller1.Identify",),
        tests=("FurtherCommandTests.testVirtualization", "IdentifyControllerStructureTests.testPrimaryControllerCapabilities"))),
    ("Secondary controllers (15h)", dict(
        bus=("Controller1.Identify",),
        tests=("FurtherCommandTests.testVirtualization", "IdentifyControllerStructureTests.testSecondaryControllers"))),
]

# Log pages by the numbers of their rows: (identifiers, selectors and tests of their own).
LOGS = [
    ((), "Any log page, in pieces", dict(
        bus=("Controller1.GetLogPage",), commands=("log",),
        tests=("LogPageReadingTests.testAnyDevice", "ChangingTests.test_telemetry_that_is_made_anew",
               "ChangingTests.test_persistent_events_whose_context_is_made_anew"))),
    ((0x00,), "", {}), ((0x01,), "", dict(tests=("NVMeCLITests.test_error_log",))),
    ((0x02,), "", dict(tests=("NVMeCLITests.test_smart_log",))),
    ((0x03,), "", dict(tests=("NVMeCLITests.test_firmware_log",))), ((0x04,), "", {}), ((0x05,), "", {}),
    ((0x06,), "", {}),
    ((0x07,), "", dict(tests=("FurtherLogTests.testTelemetryIsCountedAndAcknowledged",))),
    ((0x08,), "", dict(tests=("FurtherLogTests.testTelemetryIsCountedAndAcknowledged",))),
    ((0x09,), "", dict(tests=("FurtherLogTests.testPagesOfAnEnduranceGroupWantOneThatExists",))),
    ((0x0A,), "", {}), ((0x0B,), "", {}),
    ((0x0C,), "", dict(tests=("FurtherLogTests.testAccessGroupsDependOnTheController",))),
    ((0x0D,), "", dict(tests=("FurtherLogTests.testPersistentEventsStayAsTheyWereUntilReleased",))),
    ((0x0E,), "", {}), ((0x0F,), "", {}), ((0x10,), "", {}), ((0x11,), "", {}), ((0x12,), "", {}),
    ((0x13,), "", {}), ((0x14,), "", dict(tests=("FurtherCommandTests.testLockdownOutOfBand",))),
    ((0x15,), "", dict(tests=("FurtherLogTests.testBootPartitionHoldsWhatWasCommitted",))),
    ((0x16,), "", {}), ((0x17,), "", dict(tests=("FurtherLogTests.testDispersedNamespaceNamesTheSubsystem",))),
    ((0x18,), "", {}), ((0x19,), "", {}), ((0x1A,), "", {}), ((0x1B,), "", {}),
    ((0x1C,), "", dict(tests=("FurtherLogTests.testNamespacesThatComeAndGoAreListed",))),
    ((0x70, 0x71, 0x72, 0x73), "", {}), ((0x80,), "", {}), ((0x81,), "", {}), ((0xBF,), "", {}),
]

REST = [
    ("Get Features, with data and selections", dict(
        bus=("Passthru1.AdminCommand",), commands=("feature get", "feature list"),
        tests=("FurtherFeatureTests.testWriteProtectionIsOfANamespace",))),
    ("Arbitration and power management", dict(
        commands=("feature get",), tests=("FeatureTests.testSelectedValuesOfAFeature",))),
    ("Set Features", dict(
        bus=("ControllerControl1.SetFeature",), commands=("feature set",),
        tests=("SetFeatureTests.test_a_value", "SetFeatureTests.test_data", "LibraryJudgeTests.test_admin_commands"))),
    ("Setting power management", dict(
        bus=("ControllerControl1.SetFeature",), commands=("feature set",),
        tests=("SetFeatureTests.test_a_value",))),
    ("Creating and deleting namespaces", dict(
        bus=("NamespaceManagement1.Create", "NamespaceManagement1.Delete"),
        commands=("namespace create", "namespace delete"),
        tests=("LifeTests.test_a_namespace_s_life",))),
    ("Attaching and detaching namespaces", dict(
        bus=("NamespaceManagement1.Attach", "NamespaceManagement1.Detach"),
        commands=("namespace attach", "namespace detach"),
        tests=("LifeTests.test_a_namespace_s_life",))),
    ("Firmware download", dict(
        bus=("Firmware1.Download",),
        tests=("FirmwareTests.test_an_image_in_parts_is_committed_for_the_next_reset",))),
    ("Firmware commit, with its result", dict(
        bus=("Firmware1.Commit", "Firmware1.Update"),
        tests=("FirmwareTests.test_a_commit_that_needs_no_reset", "UpdateTests.test_refusals_are_told_apart"))),
    ("Format NVM", dict(
        bus=("Erase1.Format",), commands=("format",),
        tests=("FormatTests.test_a_format_that_is_answered_when_it_is_done",))),
    ("Sanitize", dict(
        bus=("Erase1.Sanitize",), commands=("erase",),
        tests=("SanitizeTests.test_a_sanitize_from_its_start_to_its_end",))),
    ("Security Send", dict(
        bus=("Security1.Send",), commands=("security send",), tests=("SecurityTests.test_any_length", "LibraryJudgeTests.test_admin_commands"))),
    ("Security Receive", dict(
        bus=("Security1.Receive",), commands=("security receive",),
        tests=("SecurityTests.test_any_length", "LibraryJudgeTests.test_admin_commands"))),
    ("Self-test, virtualization, capacity, lockdown, LBA status", dict(
        bus=("ControllerControl1.SelfTest", "Passthru1.AdminCommand"),
        commands=("self-test", "passthru admin"),
        tests=("FurtherCommandTests.testCapacityManagement", "FurtherCommandTests.testLBAStatus"))),
    ("Ignore-shutdown flag", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",),
        tests=("FurtherCommandTests.testShutdownKeepsCommandsFromTheMediaUnlessTheyIgnoreIt",))),
    ("NVMe-MI Send and Receive in band", dict(absent="a command of hosts, prohibited out of band")),
]

EXAMPLES = [
    ("mi-mctp: everything by hand", dict(
        commands=("show", "health", "config get", "passthru"),
        tests=("LibnvmeTests.test_subsystem_ports_and_health",))),
    ("mi-conf: device and route to a transmission unit", dict(
        bus=("EndpointControl1.ConfigSet", "Endpoint1.Tuning"), tests=("CommandLineTests.test_settings",))),
    ("mi-mctp-ae: printing events", dict(absent=EVENTS_LATER)),
    ("mi-mctp-csi-test: both slots at once", dict(
        elsewhere="each session",
        tests=("EndpointSessionTests.testHealthPollUsesTheSecondSlotWhileTheFirstIsBusy",))),
]

CLI = [
    ("nvme id-*, list-*", dict(bus=("Controller1.Identify",), commands=("identify",),
        tests=("NVMeCLITests.test_identify_controller_byte_for_byte", "NVMeCLITests.test_namespaces", JUDGED))),
    ("nvme get-log and the *-log commands", dict(
        bus=("Controller1.GetLogPage",), commands=("log",), tests=(READ_LOG, JUDGED))),
    ("nvme get-feature, set-feature", dict(
        commands=("feature get", "feature set"), tests=("FeatureFamilyTests.test_feature_is_set_by_the_names_of_its_fields", JUDGED, LIBRARY_JUDGED))),
    ("nvme fw-download, fw-commit", dict(
        bus=("Firmware1.Download", "Firmware1.Commit"), tests=("FirmwareTests.test_an_image_in_parts_is_committed_for_the_next_reset", JUDGED))),
    ("nvme format, sanitize, device-self-test", dict(
        bus=("Erase1", "ControllerControl1.SelfTest"), commands=("format", "erase", "self-test"),
        tests=("CommandTests.test_erase_writes_a_certificate", "CommandTests.test_format_self_test_and_telemetry", JUDGED,
               LIBRARY_JUDGED))),
    ("nvme create-ns, delete-ns, attach-ns, detach-ns", dict(
        bus=("NamespaceManagement1",), commands=("namespace",), tests=("LifeTests.test_a_namespace_s_life", JUDGED))),
    ("nvme security-send, security-recv", dict(
        bus=("Security1",), commands=("security",), tests=("SecurityTests.test_any_length", JUDGED, LIBRARY_JUDGED))),
    ("nvme virt-mgmt, capacity-mgmt, lockdown, get-lba-status, dir-*", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",), tests=("FurtherCommandTests.testVirtualization", "FurtherCommandTests.testCapacityManagement", LIBRARY_JUDGED))),
    ("nvme admin-passthru", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",), tests=("PassthruTests.test_admin_command", JUDGED))),
    ("Plugins of vendors that send Admin commands alone", dict(
        bus=("Passthru1.AdminCommand",), commands=("passthru admin",),
        tests=("FurtherCommandTests.testCommandsOfTheVendor", LIBRARY_JUDGED))),
    ("I/O commands, registers, fabrics", dict(absent="commands of hosts, which NVMe-MI does not carry")),
    ("What is NVMe-MI's own", dict(
        commands=("health", "config", "vpd", "passthru mi", "ports"),
        tests=("CommandLineTests.test_health", "DriveFamilyTests.test_vital_product_data",
               "LibraryJudgeTests.test_management_commands"))),
]

BEYOND = [
    ("Controller Health Status Poll", dict(
        bus=("Endpoint1.GetControllerHealth",), tests=("HealthPollTests.testControllerPollIsPaged",))),
    ("VPD Read and Write", dict(
        bus=("Endpoint1.VPDRead", "EndpointControl1.VPDWrite"), commands=("vpd",),
        tests=("DataTests.test_vpd_write", "DriveFamilyTests.test_vital_product_data"))),
    ("Reset", dict(
        bus=("EndpointControl1.Reset", "ControllerControl1.Reset"), commands=("reset",),
        tests=("PowerTests.test_reset", "PowerFamilyTests.test_shutdown_and_reset"))),
    ("Shutdown", dict(
        bus=("EndpointControl1.Shutdown",), commands=("shutdown",),
        tests=("PowerTests.test_shutdown", "PowerFamilyTests.test_shutdown_and_reset"))),
    ("SES Receive and Send", dict(
        bus=("EndpointControl1.SESReceive", "EndpointControl1.SESSend"),
        tests=("EnclosureTests.test_enclosure_services",))),
    ("Management Endpoint Buffer, and commands that use it", dict(
        bus=("EndpointControl1.ManagementEndpointBufferRead", "Passthru1.AdminCommand"),
        tests=("DataTests.test_management_endpoint_buffer",
               "PassthruTests.test_data_in_the_management_endpoint_buffer"))),
    ("Lists of optional commands and of those that use the buffer", dict(
        bus=("Endpoint1.OptionalCommands", "Endpoint1.ReadDataStructure"),
        tests=("ReadDataStructureTests.testEveryListedCommandIsThereAndNoOther",))),
    ("PDA Read, Write, Write Zeroes", dict(
        bus=("Passthru1.ManagementCommand",), commands=("passthru mi",),
        absent="no layouts of NVMe-MI 2.2 are known to us; raw commands carry them")),
    ("PCIe commands", dict(
        bus=("Passthru1.PCIeCommand",), commands=("passthru pcie",),
        tests=("PCIeTests.test_pcie_commands", "FurtherCommandTests.testPCIeCommands"))),
    ("Command Initiated Auto Pause", dict(
        bus=("Passthru1.ManagementCommand",), tests=("CommandSlotTests.testCommandInitiatedAutoPause",))),
    ("Recovery by Get State, Replay and Abort", dict(
        elsewhere="module `NVMeMIClient`",
        tests=("EndpointSessionTests.testAfterATimeoutTheSlotIsMadeIdleFirst",))),
    ("Both slots, a queue, and callers at once", dict(
        elsewhere="module `NVMeMIClient`",
        tests=("EndpointSessionTests.testHealthPollUsesTheSecondSlotWhileTheFirstIsBusy",))),
    ("The parameter at fault, and the time that processing takes", dict(
        elsewhere="second argument of errors",
        tests=("StatusTests.testParameterErrorLocationNamesTheField",))),
    ("Slices of a command's data", dict(
        bus=("Controller1.Identify", "Passthru1.AdminCommand"),
        tests=("IdentifyTests.testSliceIsExact", "LibnvmeTests.test_identify_in_part"))),
    ("Security data and firmware images in pieces", dict(
        bus=("Firmware1.Download", "Security1.Receive"),
        tests=("FirmwareTests.test_an_image_in_parts_is_committed_for_the_next_reset",
               "SecurityTests.test_any_length"))),
    ("Commands and configurations of vendors", dict(
        bus=("Passthru1.ManagementCommand", "Endpoint1.ConfigGetRaw"),
        tests=("FurtherCommandTests.testCommandsOfTheVendor",))),
    ("Settings by name, and the largest transmission unit found", dict(
        bus=("Endpoint1.ConfigGet", "Endpoint1.Tuning"), commands=("config set",),
        tests=("CommandLineTests.test_settings",))),
    ("Reserved tags on further networks", dict(
        elsewhere="module `MCTP`",
        tests=("KernelTransportTests.testOlderKernelsReserveForEveryNetworkFromOneSet",))),
    ("Source, category and tag of responses compared", dict(
        elsewhere="modules `MCTP` and `NVMeMIClient`",
        tests=("EndpointSessionTests.testAnswerToAnotherCategoryFails",))),
    ("mctpd's objects followed, Connectivity and Recover", dict(
        bus=("Endpoint1.State", "EndpointControl1.Recover"), tests=("CommandLineTests.test_list",))),
    ("Events on kernels without a bind for peers", dict(absent=EVENTS_LATER)),
    ("NVMe Basic Management Command", dict(absent="not MCTP: it needs the SMBus itself")),
    ("A drive with several endpoints", dict(
        bus=("Drive1.Endpoints",), tests=("DriveTests.testEndpointsOfOneSubsystemAreOneDriveThatIsReachedByEither",))),
    ("In-band tunnelling", dict(absent="the host's path; the bridge is out of band")),
    ("Carriers beside AF_MCTP", dict(
        elsewhere="`--transport=demux`", tests=("DemuxTransportTests.testRegistrationRequestAndAnswer",))),
    ("Results of Namespace Management and Firmware Commit", dict(
        bus=("NamespaceManagement1.Create", "Firmware1.Commit"),
        tests=("LifeTests.test_a_namespace_s_life", "FirmwareTests.test_a_commit_that_needs_no_reset"))),
    ("Lockdown, self-test, virtualization, capacity by name", dict(
        bus=("ControllerControl1.SelfTest", "Passthru1.AdminCommand"),
        tests=("FurtherCommandTests.testLockdownOutOfBand", "FurtherCommandTests.testVirtualization",
               "FurtherCommandTests.testCapacityManagement"))),
    ("Structured output and D-Bus", dict(
        bus=("Manager1",), commands=("list",),
        tests=("CommandLineTests.test_list_as_json_agrees_with_the_bus",))),
    ("A firmware update as a whole, raw or from a PLDM package, with progress", dict(
        bus=("Firmware1.Update", "Job1"), commands=("firmware update", "jobs watch"),
        tests=("UpdateTests.test_new_firmware_runs_and_everybody_can_see_how_far_it_is",
               "UpdateTests.test_a_package_is_looked_into", "FirmwarePackageTests.testChangedBytes"))),
]


def log_rows(names):
    """The rows of log pages, with the names that the protocol module has."""
    for pages, what, given in LOGS:
        title = what or ", ".join(f"{names[page]} ({page:02X}h)" for page in pages)
        values = {"bus": GET_LOG, "commands": ("log",), "tests": ()} | given
        if pages:
            values["tests"] = (*values["tests"], READ_LOG, "LogPageTests.testSupportedPagesAreThoseThatAnswer")
        yield title, values


def rows(log_pages):
    """All rows in the order of their numbers."""
    number = 0
    for section, entries in [
        ("Library objects, transport, control", OBJECTS), ("MI commands", MANAGEMENT),
        ("Asynchronous events", EVENTS), ("Identify", IDENTIFY), ("Get Log Page", list(log_rows(log_pages))),
        ("The other Admin commands", REST), ("Example programs", EXAMPLES), ("nvme-cli over MI", CLI),
    ]:
        for what, values in entries:
            number += 1
            yield Row(section, str(number), what, **values)
    for index, (what, values) in enumerate(BEYOND, 1):
        yield Row("What NVMe-MI has and libnvme-mi has not", f"N{index}", what, **values)
