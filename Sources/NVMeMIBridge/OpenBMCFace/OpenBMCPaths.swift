import DBus
import EventLoop
import NVMeMIDrives

/// Where OpenBMC's daemons look for drives.
///
/// The last part of a path is unique among the objects of its kind: bmcweb finds them by it.
enum OpenBMCPaths {
    static let root = "/xyz/openbmc_project"
    /// The trees, each with an object manager: bmcweb asks for all sensors at exactly that path.
    static let trees = ["inventory", "sensors", "software", "metric"].map { path("\(root)/\($0)") }
    /// bmcweb writes `Storage/1` into every link.
    static let storage = path("\(root)/inventory/system/storage/1")

    static func drive(_ name: String) -> ObjectPath {
        path("\(root)/inventory/system/drive/\(name)")
    }

    static func controller(_ identifier: UInt16, of name: String) -> ObjectPath {
        path("\(root)/inventory/system/storage_controller/\(name)_\(identifier)")
    }

    static func temperature(of name: String) -> ObjectPath {
        path("\(root)/sensors/temperature/\(name)")
    }

    /// One of the drive's further temperature sensors.
    static func temperature(_ number: UInt8, of name: String) -> ObjectPath {
        path("\(root)/sensors/temperature/\(name)_sensor_\(number)")
    }

    static func percentageUsed(of name: String) -> ObjectPath {
        path("\(root)/sensors/utilization/\(name)_percentage_used")
    }

    static func availableSpare(of name: String) -> ObjectPath {
        path("\(root)/sensors/utilization/\(name)_available_spare")
    }

    static func metric(_ leaf: String, of name: String) -> ObjectPath {
        path("\(root)/metric/drive_\(name)/\(leaf)")
    }

    /// An update of a drive's firmware.
    @LoopActor
    static func update(_ job: Job) -> ObjectPath {
        path("\(root)/software/\(job.target.drive)_update_\(job.number)")
    }

    static func software(of name: String) -> ObjectPath { path("\(root)/software/\(name)") }

    /// A path of letters, digits, `_` and `/` only, and therefore always well formed.
    private static func path(_ text: String) -> ObjectPath { ObjectPath(wellFormed: text) }
}
