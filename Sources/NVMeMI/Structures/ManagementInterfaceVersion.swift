/// A version of NVMe-MI: the one that a drive follows, or the one from which a bit means something.
public struct ManagementInterfaceVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The major version.
    public let major: UInt8
    /// The minor version.
    public let minor: UInt8

    /// A version by its numbers.
    public init(_ major: UInt8, _ minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    /// What holds for every drive, also for one that did not tell its version.
    public static let oldest = Self(1, 0)

    /// Older ones are less.
    public static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// Major and minor with a point between.
    public var description: String { "\(major).\(minor)" }
}

extension SubsystemInformation {
    /// The version of NVMe-MI that the subsystem follows.
    public var version: ManagementInterfaceVersion {
        get { ManagementInterfaceVersion(majorVersion, minorVersion) }
        set { (majorVersion, minorVersion) = (newValue.major, newValue.minor) }
    }
}

/// Flags of NVMe-MI of which some came with a later version.
///
/// Before that version, as long as a bit has no meaning, a drive may send anything there; in fields where zero is the
/// alarm, a reserved zero would be one.
public protocol VersionedFlags: WireFlags {
    /// Flags that were not in the oldest version, each with the version that brought it.
    static var additions: [(since: ManagementInterfaceVersion, flags: Self)] { get }
}

extension VersionedFlags {
    /// The flags whose bits mean something to a drive of a version; reserved ones never do.
    public func defined(in version: ManagementInterfaceVersion) -> Self {
        var defined = Self.named
        for (since, flags) in Self.additions where version < since { defined.remove(flags) }
        return intersection(defined)
    }
}
