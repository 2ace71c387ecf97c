"""A client that sends calls and never reads a reply; ends when it is killed or the bus throws it out.

    silent_client.py ADDRESS PATH
"""

import sys
import time

import dbus.bus
import dbus.lowlevel

bus = dbus.bus.BusConnection(sys.argv[1])
bus.set_exit_on_disconnect(True)
# More than a bus lets wait for one connection's replies; the bus logs each one beyond.
for _ in range(400):
    call = dbus.lowlevel.MethodCallMessage(
        "xyz.openbmc_project.NVMeMI", sys.argv[2], "xyz.openbmc_project.NVMeMI.Endpoint1", "GetHealth"
    )
    bus.send_message(call)
    bus.flush()
time.sleep(60)
