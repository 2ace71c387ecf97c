import DBus
import EventLoop
import NVMeMI
import NVMeMIDrives

/// What `State.Drive.RequestedDriveTransition` has a drive do, where the configuration lets it.
enum DriveTransition: String, CaseIterable {
    /// Shuts the NVM subsystem down, where it can, and resets it.
    case reboot = "Reboot"
    /// Resets the NVM subsystem.
    case hardReboot = "HardReboot"

    /// Its name on the bus.
    var name: String { Self.name(rawValue) }

    static let none = name("None")
    static let notSupported = name("NotSupported")

    private static func name(_ word: String) -> String {
        OpenBMCName.value("State.Drive.Transition.\(word)")
    }
}

extension DriveView {
    /// Does what is requested.
    ///
    /// - Throws: When the request is none that can be made, or `DriveError`.
    func request(_ name: String, for call: Invocation) async throws {
        guard takesTransitions else {
            throw BusErrors.notAllowed(
                "drives take no transition: drive-transitions in the configuration is no"
            )
        }
        if name == DriveTransition.none { return }
        guard let transition = DriveTransition.allCases.first(where: { $0.name == name }) else {
            throw DBusError.invalidArgs(
                "RequestedDriveTransition cannot be '\(name)'; it takes "
                    + DriveTransition.allCases.map(\.name).joined(separator: " or ")
            )
        }
        guard let endpoint = drive.activeEndpoint else {
            throw BusErrors.unavailable("drive \(drive.name) has no endpoint")
        }
        let details = [("transition", transition.rawValue)]
        try await call.recording("RequestedDriveTransition", on: endpoint, details) {
            try endpoint.fleet.jobs.check(drive, before: transition.rawValue)
            let reset = SubsystemReset.declaration
            try endpoint.check(reset.category, reset.opcode, isForced: false)
            // Who asks by the drive's name means this one, and no other that has come in its place.
            try await endpoint.ask(
                forSerialNumber: drive.identity?.serialNumber,
                before: transition.rawValue,
                for: call.requester
            )
            if transition == .reboot { try await shutDown(endpoint, for: call) }
            try await endpoint.resetSubsystem(for: call.requester)
        }
    }

    private func shutDown(_ endpoint: Endpoint, for call: Invocation) async throws(DriveError) {
        let shutdown = SubsystemShutdown.declaration
        guard (try? endpoint.check(shutdown.category, shutdown.opcode, isForced: false)) != nil
        else { return }
        try await endpoint.perform(
            SubsystemShutdown(.normal),
            for: call.requester,
            isWriting: true
        )
    }
}
