"""How OpenBMC's daemons look at the bus: the mapper's walk, and the calls that bmcweb makes."""

import xml.etree.ElementTree

import dbus

from environment import BRIDGE, INTROSPECTABLE, PROPERTIES

PREFIX = "xyz.openbmc_project."
TREE = "/xyz/openbmc_project"
DRIVES = TREE + "/inventory/system/drive"
CONTROLLERS = TREE + "/inventory/system/storage_controller"
STORAGE = TREE + "/inventory/system/storage/1"
TEMPERATURES = TREE + "/sensors/temperature"
SOFTWARE = TREE + "/software"
MANAGERS = [f"{TREE}/{tree}" for tree in ("inventory", "sensors", "software", "metric")]
# What the standard has every object answer.
EVERYWHERE = ("org.freedesktop.DBus.",)

UNKNOWN_INTERFACE = "org.freedesktop.DBus.Error.UnknownInterface"


def walk(system, path="/"):
    """{path: {interface}} of everything that is introspected from a path on, as the mapper does."""
    try:
        text = system.call(path, INTROSPECTABLE, "Introspect")
    except dbus.DBusException as error:
        # It has gone since its parent told of it.
        if error.get_dbus_name() != "org.freedesktop.DBus.Error.UnknownObject":
            raise
        return {}
    node = xml.etree.ElementTree.fromstring(text)
    found = {
        interface.get("name")
        for interface in node.findall("interface")
        if not interface.get("name").startswith(EVERYWHERE)
    }
    result = {path: found} if found else {}
    for child in node.findall("node"):
        result |= walk(system, path.rstrip("/") + "/" + child.get("name"))
    return result


def sub_tree(system, root, *interfaces):
    """What the mapper's GetSubTree would answer: {path: {interface}} below a path with one of the interfaces."""
    wanted = {PREFIX + name for name in interfaces}
    return {
        path: found
        for path, found in walk(system).items()
        if path.startswith(root + "/") and found & wanted
    }


def properties(system, path, interface):
    """GetAll, with the types that were sent."""
    return system.bus.call_blocking(
        BRIDGE, path, PROPERTIES, "GetAll", "s", (PREFIX + interface if interface else "",)
    )


def associations(system):
    """The association objects that the mapper would make: {path/name: {end}}."""
    made = {}
    for path in walk(system):
        try:
            told = properties(system, path, "Association.Definitions")["Associations"]
        except dbus.DBusException as error:
            if error.get_dbus_name() != UNKNOWN_INTERFACE:
                raise
            continue
        for forward, reverse, end in told:
            made.setdefault(f"{path}/{forward}", set()).add(str(end))
            made.setdefault(f"{end}/{reverse}", set()).add(path)
    return made


def redfish_drive(system, path):
    """The Redfish resource that bmcweb makes of a drive: the same calls, the same expectations of types."""
    resource = {"Id": path.rsplit("/", 1)[1], "Status": {"State": "Enabled"}}
    interfaces = walk(system)[path]
    assert PREFIX + "Inventory.Item.Drive" in interfaces, path
    asset = properties(system, path, "Inventory.Decorator.Asset")
    for name in ("Manufacturer", "Model", "PartNumber", "SerialNumber"):
        if name in asset:
            resource[name] = expect(asset[name], dbus.String)
    if not expect(properties(system, path, "Inventory.Item")["Present"], dbus.Boolean):
        resource["Status"]["State"] = "Absent"
    if expect(properties(system, path, "State.Drive")["Rebuilding"], dbus.Boolean):
        resource["Status"]["State"] = "Updating"
    drive = properties(system, path, "Inventory.Item.Drive")
    resource["MediaType"] = {"HDD": "HDD", "SSD": "SSD"}[enumerated(drive["Type"], "DriveType")]
    resource["Protocol"] = {"SAS": "SAS", "SATA": "SATA", "NVMe": "NVMe", "FC": "FC"}[
        enumerated(drive["Protocol"], "DriveProtocol")
    ]
    capacity = expect(drive["Capacity"], dbus.UInt64)
    if capacity:
        resource["CapacityBytes"] = int(capacity)
    left = expect(drive["PredictedMediaLifeLeftPercent"], dbus.Byte)
    if left != 255:
        resource["PredictedMediaLifeLeftPercent"] = int(left)
    return resource


def redfish_sensor(system, path):
    """The Redfish resource that bmcweb makes of a sensor: all properties at once, whatever interface they are of."""
    told = properties(system, path, "")
    kind, leaf = path.split("/")[-2:]
    value = expect(told["Value"], dbus.Double)
    resource = {
        "Id": f"{kind.replace('_', '')}_{leaf}",
        "Reading": None if value != value else float(value),
        "ReadingUnits": {"DegreesC": "Cel", "Percent": "%"}[enumerated(told["Unit"], "Unit")],
        "Implementation": {"Reported": "Reported"}[
            enumerated(told["Implementation"], "ImplementationType")
        ],
        "Status": {"State": "Enabled", "Health": "OK"},
        "Thresholds": {},
    }
    for name, word in (("WarningHigh", "UpperCaution"), ("CriticalHigh", "UpperCritical")):
        if name in told:
            resource["Thresholds"][word] = float(expect(told[name], dbus.Double))
    if told.get("WarningAlarmHigh"):
        resource["Status"]["Health"] = "Warning"
    if told.get("CriticalAlarmHigh") or not expect(told["Functional"], dbus.Boolean):
        resource["Status"]["Health"] = "Critical"
    if not expect(told["Available"], dbus.Boolean):
        resource["Status"]["State"] = "UnavailableOffline"
    return resource


def redfish_firmware(system, leaf):
    """The Redfish resource that bmcweb makes of a piece of firmware."""
    path = f"{SOFTWARE}/{leaf}"
    version = properties(system, path, "Software.Version")
    activation = properties(system, path, "Software.Activation")["Activation"]
    return {
        "Id": leaf,
        "Version": str(expect(version["Version"], dbus.String)),
        "Description": enumerated(version["Purpose"], "VersionPurpose") + " image",
        "Status": {"Active": "Enabled"}.get(enumerated(activation, "Activations"), "Disabled"),
    }


def expect(value, kind):
    """bmcweb answers 500 to a value of another type."""
    if type(value) is not kind:
        raise AssertionError(f"{value!r} is no {kind.__name__}")
    return value


def enumerated(value, kind):
    """The last word of an enumeration's value, which must be spelt out."""
    expect(value, dbus.String)
    start, word = value.rsplit(".", 1)
    if not start.startswith(PREFIX) or not start.endswith("." + kind):
        raise AssertionError(f"{value} is no {kind}")
    return word
