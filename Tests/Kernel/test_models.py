"""Drives of every kind as foreign clients and the bridge see them, and many at once."""

import struct

from kernel_environment import CONTROLLER, ENDPOINT, FIRST, MANAGER, NAMESPACE, ROOT, KernelTest

IDENTIFY_CONTROLLER = 0x01


class ModelTest:
    """What must hold for whatever drive; the classes below name one each."""

    # Endpoints of the drive, each on an interface of its own.
    expected_endpoints = 1

    def published(self, interface, endpoint):
        """The properties of an interface wherever it is below an endpoint."""
        path = self.system.endpoint(endpoint) + "/"
        return [
            interfaces[interface]
            for published, interfaces in self.system.objects().items()
            if published.startswith(path) and interface in interfaces
        ]

    def their_controllers(self, endpoint):
        """What a foreign client lists."""
        # Not mi-mctp: Debian's libnvme refuses a list of an even number of controllers, whose
        # length is no multiple of four.
        entries = self.system.nvme("list-ctrl", endpoint=endpoint)["ctrl_list"]
        return [entry["ctrl_id"] for entry in entries]

    def test_controllers(self):
        for endpoint in range(FIRST, FIRST + self.expected_endpoints):
            theirs = self.their_controllers(endpoint)
            ours = [
                properties["ControllerID"] for properties in self.published(CONTROLLER, endpoint)
            ]
            self.assertTrue(theirs)
            self.assertEqual(sorted(ours), theirs)

    def test_identify_controller_byte_for_byte(self):
        for endpoint in range(FIRST, FIRST + self.expected_endpoints):
            for properties in self.published(CONTROLLER, endpoint)[:3]:
                number = properties["ControllerID"]
                ours = self.system.call(
                    self.system.controller(endpoint, number),
                    CONTROLLER,
                    "Identify",
                    "yua{sv}",
                    IDENTIFY_CONTROLLER,
                    0,
                    {},
                )
                theirs = self.system.nvme_bytes("id-ctrl", endpoint=endpoint, controller=number)
                self.assertEqual(ours.hex(), theirs.hex())

    def test_active_namespaces(self):
        for endpoint in range(FIRST, FIRST + self.expected_endpoints):
            theirs = set()
            for properties in self.published(CONTROLLER, endpoint)[:3]:
                entries = self.system.nvme(
                    "list-ns", endpoint=endpoint, controller=properties["ControllerID"]
                )
                theirs |= {entry["nsid"] for entry in entries["nsid_list"]}
            ours = {properties["NSID"] for properties in self.published(NAMESPACE, endpoint)}
            self.assertEqual(ours, theirs)


class DualPortTests(ModelTest, KernelTest):
    simulator_options = ("--model=dual-port",)


class TwoEndpointTests(ModelTest, KernelTest):
    """One drive that can be reached through two of its ports."""

    drives = f"""
        [drive]
        model = dual-port
        eid = {FIRST}, {FIRST + 1}
        [port 0]
        managed = yes
    """
    expected_endpoints = 2


class SmallTests(ModelTest, KernelTest):
    simulator_options = ("--model=m2",)

    def their_controllers(self, endpoint):
        # A drive without namespace management need not know Identify's controller lists.
        lines = self.system.mi_mctp("controllers", endpoint=endpoint)
        return [int(text) for label, text in lines if label == "Controller id"]


class OneSlotTests(ModelTest, KernelTest):
    simulator_options = ("--model=one-slot",)


class ManyTests(KernelTest):
    drives = 8

    def test_all_at_once(self):
        calls = [
            self.system.start_call(self.system.endpoint(endpoint), ENDPOINT, "GetHealth")
            for _ in range(4)
            for endpoint in range(FIRST, FIRST + self.drives)
        ]
        for call in calls:
            self.assertTrue(self.system.finish(call)["DriveFunctional"])


class ForeignChangeTests(KernelTest):
    """What nvme-cli changes, the bridge sees when it is told to look again."""

    simulator_options = ("--set=optional-commands=all",)

    def namespaces(self):
        return sorted(
            properties[NAMESPACE]["NSID"]
            for properties in self.system.objects().values()
            if NAMESPACE in properties
        )

    def wait_for_namespaces(self, expected):
        self.system.call(ROOT, MANAGER, "Rescan")
        self.system.wait_for(
            lambda: self.namespaces() == expected, f"the namespaces to be {expected}"
        )

    def create_namespace(self, device, blocks):
        """As `nvme create-ns` does, which in version 2.13 of Debian 13 looks for a device node first."""
        structure = self.system.logs / "namespace"
        structure.write_bytes(struct.pack("<QQ", blocks, blocks).ljust(4096, b"\0"))
        self.system.run(
            "nvme", "admin-passthru", device, "--opcode=0x0d", "--data-len=4096", "--write",
            f"--input-file={structure}",
        )

    def test_a_namespace_goes_and_comes(self):
        device = f"mctp:1,{FIRST}"
        (nsid,) = self.namespaces()
        self.system.run("nvme", "delete-ns", device, f"--namespace-id={nsid}")
        self.wait_for_namespaces([])

        self.create_namespace(device, blocks=2048)
        (entry,) = self.system.nvme("list-ns", "--all")["nsid_list"]
        nsid = entry["nsid"]
        self.system.run("nvme", "attach-ns", device, f"--namespace-id={nsid}", "--controllers=0")
        self.wait_for_namespaces([nsid])

        theirs = self.system.nvme("id-ns", f"--namespace-id={nsid}")
        ours = self.system.objects()[f"{self.system.endpoint(FIRST)}/namespaces/{nsid}"][NAMESPACE]
        self.assertEqual(theirs["nsze"], 2048)
        self.assertEqual(ours["Size"], theirs["nsze"] * ours["BlockSize"])
