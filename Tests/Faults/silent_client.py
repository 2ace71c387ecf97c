"""A client that sends calls and never reads a reply; ends when it is killed or the bus throws it out.

    silent_client.py ADDRESS PATH
"""

import sys

import dbus.bus
import dbus.lowlevel

bus = dbus.bus.BusConnection(sys.argv[1])
bus.set_exit_on_disconnect(True)
while True:
    call = dbus.lowlevel.MethodCallMessage(
        "xyz.openbmc_project.NVMeMI", sys.argv[2], "xyz.openbmc_project.NVMeMI.Endpoint1", "GetHealth"
    )
    bus.send_message(call)
    bus.flush()
