public import NVMeMI

/// What is to be done with a firmware image.
public struct FirmwareOrder: Sendable {
    /// What is reset when the image is committed, so that it becomes active.
    public enum Reset: String, Sendable, CaseIterable {
        /// Nothing: the image becomes active with the next reset, whoever does that.
        case none
        /// The controller.
        case controller
        /// The NVM subsystem.
        case subsystem
    }

    /// The controller that takes the image.
    public var controller: UInt16
    /// The slot, 1 to 7; 0 leaves the choice to the controller.
    public var slot: UInt8 = 0
    /// What Firmware Commit does.
    public var action = FirmwareCommitAction.replaceAndActivateAtReset
    /// What is reset afterwards.
    public var reset = Reset.none
    /// The revision that must run in the end; nil for whichever the image has.
    public var revision: String?
    /// How long Firmware Commit may take; nil for as long as the drive says that it needs.
    public var commitTimeLimit: Duration?
    /// Whether the drive is asked for what it says it cannot do.
    public var isForced = false

    /// The usual for a controller.
    public init(for controller: UInt16) {
        self.controller = controller
    }

    /// The actions that take an image.
    public static let actions: [FirmwareCommitAction] = [
        .replace, .replaceAndActivateAtReset, .activateNow,
    ]
}

/// The bytes of a firmware image, wherever they are.
public protocol FirmwareImage: Sendable {
    /// How many they are.
    var size: UInt32 { get }
    /// The check of all of them that was made beforehand; nil for none.
    var checksum: UInt32? { get }
    /// What is known of it, by name.
    var facts: [NamedValue] { get }

    /// Reads some of them.
    ///
    /// - Throws: `DriveError.failed` when they are not there any more.
    func read(_ range: Range<UInt32>) throws(DriveError) -> [UInt8]
}
