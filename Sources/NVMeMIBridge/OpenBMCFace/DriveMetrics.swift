import DBus
import EventLoop
import NVMeMIClient
import NVMeMIDrives

/// Numbers of a drive that somebody may keep over time: its counters, and how well it is understood.
enum DriveMetrics {
    /// One of them.
    struct Metric: Sendable {
        let leaf: String
        let unit: String
        let read: @LoopActor @Sendable (Drive) -> Double

        fileprivate static func counter(
            _ leaf: String,
            _ unit: String,
            _ read: @escaping @Sendable (DriveCounters) -> Double
        ) -> Metric {
            Metric(leaf: leaf, unit: unit) { drive in drive.counters.map(read) ?? .nan }
        }

        fileprivate static func session(
            _ leaf: String,
            _ read: @escaping @Sendable (SessionStatistics) -> UInt64
        ) -> Metric {
            Metric(leaf: leaf, unit: "Count") { drive in
                Double(drive.endpoints.reduce(0) { $0 &+ read($1.session.statistics) })
            }
        }
    }

    static let all: [Metric] = [
        .counter("bytes_read", "Bytes") { $0.bytesRead },
        .counter("bytes_written", "Bytes") { $0.bytesWritten },
        .counter("power_cycles", "Count") { Double($0.powerCycles) },
        .counter("power_on_time", "Seconds") { Double($0.powerOnHours) * 3600 },
        .counter("unsafe_shutdowns", "Count") { Double($0.unsafeShutdowns) },
        .counter("media_errors", "Count") { Double($0.mediaErrors) },
        .session("commands") { $0.commands },
        .session("repetitions") { $0.repetitions },
        .session("timeouts") { $0.timeouts },
        .session("integrity_errors") { $0.integrityErrors },
    ]

    static let interfaces: [Interface<MetricView>] = [value, associations]

    private static let value = Interface<MetricView>(
        OpenBMCName.interface("Metric.Value"),
        documentation: "A number of a drive, as it was when its SMART log was read last.",
        right: .reading
    ) {
        Property("Value", "Not a number while nobody knows.", .emitsChange) { (view: MetricView) in
            view.value
        }
        Property("MaxValue", "There is no bound.", .constant) { (_: MetricView) in Double.infinity }
        Property("MinValue", "Counters begin with 0.", .constant) { (_: MetricView) in 0.0 }
        Property("Unit", "Of the three.", .constant) { (view: MetricView) in
            OpenBMCName.value("Metric.Value.Unit.\(view.metric.unit)")
        }
    }

    private static let associations = Associations.interface { (view: MetricView) in
        [Associations.to(view.drive, "measuring", "measured_by")]
    }
}

/// A metric of a drive.
@LoopActor
final class MetricView {
    let metric: DriveMetrics.Metric
    /// The path of the drive.
    let drive: ObjectPath
    let path: ObjectPath
    private(set) var value = Double.nan

    init(_ metric: DriveMetrics.Metric, of view: DriveView) {
        self.metric = metric
        drive = view.path
        path = OpenBMCPaths.metric(metric.leaf, of: view.drive.name)
    }

    /// Takes the present number.
    func take(from drive: Drive) { value = metric.read(drive) }
}
