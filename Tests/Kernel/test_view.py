"""OpenBMC's view over real sockets: what the mapper and bmcweb find there is what they find over any carrier."""

import mctp_link
from kernel_environment import KernelSystem

# Its tests are those of the file; here they run as what is derived from them.
import test_openbmc


class KernelViewTests(test_openbmc.ViewTests):
    system_type = KernelSystem
    # The guest's processor is slow.
    configuration = test_openbmc.ViewTests.configuration.replace(
        "command-timeout-ms = 600", "command-timeout-ms = 5000"
    ).replace("health-interval-ms = 100", "health-interval-ms = 1000")


class KernelPlaceTests(test_openbmc.PlaceTest):
    """Places by network interface and physical address, as the kernel's table of neighbours has them."""

    system_type = KernelSystem
    configuration = KernelViewTests.configuration

    def links(self):
        """[(interface, physical address)] of the endpoints, as the daemon shows them."""
        endpoints = [self.system.endpoint(eid) for eid in (9, 10, 11)]
        return [
            tuple(
                self.system.get(path, test_openbmc.BRIDGE + ".Endpoint1", name)
                for name in ("NetworkInterface", "PhysicalAddress")
            )
            for path in endpoints
        ]

    def test_drives_have_the_places_of_their_interfaces(self):
        names = [self.system.interfaces[eid] for eid in (9, 10, 11)]
        # A terminal has no addresses.
        self.assertEqual(self.links(), [(name, b"") for name in names])
        self.configure(
            f"[place]\ninterface = {names[0]}\naddress = 0x1d\nname = Elsewhere\n"
            f"[place]\ninterface = {names[0]}\nname = Left\nslot = 4\n"
            "[place]\ninterface = lo\naddress = 02:00:00:00:00:0a\nname = Middle\n"
        )
        self.system.ask_until(lambda: self.locations() == ["Left", "", ""], "the places")
        self.assertEqual(self.codes(), ["Left", None, None])
        self.assertEqual(self.slots(), [4, None, None])
        # The only interface here that has addresses; messages go by the route, as before.
        address = bytes([2, 0, 0, 0, 0, 10])
        with mctp_link.RouteNetlink() as netlink:
            netlink.delete_neighbour(names[1], 10)
            netlink.add_neighbour("lo", 10, address)
            self.addCleanup(self.put_back, names[1])
        self.system.call(test_openbmc.ROOT, test_openbmc.BRIDGE + ".Manager1", "Rescan")
        # What is elsewhere on the medium is another endpoint; its drive is the same when it has told that.
        self.system.ask_until(lambda: self.links()[1] == ("lo", address), "the other address")
        self.system.wait_for_endpoints(3)
        self.system.ask_until(lambda: len(self.names()) == 3, "the drives")
        self.system.ask_until(lambda: self.locations() == ["Left", "Middle", ""], "the other place")

    @staticmethod
    def put_back(interface):
        with mctp_link.RouteNetlink() as netlink:
            netlink.delete_neighbour("lo", 10)
            netlink.add_neighbour(interface, 10)
