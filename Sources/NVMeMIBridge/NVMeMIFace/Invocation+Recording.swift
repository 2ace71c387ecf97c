import DBus
import EventLoop
import Logging
import NVMeMIDrives

extension Invocation {
    /// Does what changes a drive, and tells the log who did what to which drive, and what came of it.
    ///
    /// - Parameters:
    ///   - action: What is done.
    ///   - endpoint: By which endpoint.
    ///   - details: With what, by name.
    ///   - body: Does it.
    /// - Returns: What it returns.
    /// - Throws: What it throws.
    @LoopActor
    func recording<Result>(
        _ action: String,
        on endpoint: Endpoint,
        _ details: [(name: String, value: String)] = [],
        _ body: @LoopActor () async throws -> Result
    ) async throws -> Result {
        // As it was before, for a drive that is gone afterwards.
        let drive = endpoint.drive?.name ?? ""
        let serialNumber = endpoint.identity?.serialNumber ?? ""
        func tell(_ outcome: String) {
            var metadata: Logger.Metadata = [
                "action": "\(action)", "user": "\(credentials)", "caller": "\(sender)",
                "drive": "\(drive)", "serial-number": "\(serialNumber)", "outcome": "\(outcome)",
            ]
            for (name, value) in details { metadata[name] = "\(value)" }
            endpoint.logger.notice("changed by a caller", metadata: metadata)
        }
        do {
            let result = try await body()
            tell("done")
            return result
        } catch {
            let seen = (error as? DriveError).map(BusErrors.error) ?? error
            tell((seen as? DBusError)?.message ?? "\(seen)")
            throw error
        }
    }
}
