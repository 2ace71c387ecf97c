"""OpenBMC's view over real sockets: what the mapper and bmcweb find there is what they find over any carrier."""

from kernel_environment import KernelSystem

# Its tests are those of the file; here they run as what is derived from them.
import test_openbmc


class KernelViewTests(test_openbmc.ViewTests):
    system_type = KernelSystem
    # The guest's processor is slow.
    configuration = test_openbmc.ViewTests.configuration.replace(
        "command-timeout-ms = 600", "command-timeout-ms = 5000"
    ).replace("health-interval-ms = 100", "health-interval-ms = 1000")
