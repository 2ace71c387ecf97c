import NVMeMI

/// The wrong drive is never destroyed: an address may have another drive behind it since somebody looked.
extension Endpoint {
    /// Refuses what would destroy something, or stop the drive, unless its serial number is given.
    ///
    /// - Parameters:
    ///   - serialNumber: What the caller believes that the drive's is; nil when it does not say.
    ///   - isRequired: Whether it has to be given, as far as the settings do not make it optional.
    ///   - action: What is to be done, for the text of the error.
    /// - Throws: `DriveError.argument` when it is missing, `notAllowed` when it is another drive's or that of
    ///   this drive is not known.
    public func check(
        serialNumber: String?,
        isRequired: Bool = true,
        before action: String
    ) throws(DriveError) {
        guard let serialNumber else {
            guard isRequired, fleet.settings.requiresSerialNumber else { return }
            throw .argument(
                "\(action) needs the option 'serial-number' (s), the serial number of the drive that is meant"
            )
        }
        guard let known = identity?.serialNumber, !known.isEmpty else {
            throw .notAllowed(
                "\(action): the serial number of the drive at \(address) is not known, so that "
                    + "'\(serialNumber)' cannot be compared with it"
            )
        }
        guard known == serialNumber else {
            throw .notAllowed(
                "\(action): the drive at \(address) has the serial number '\(known)', not '\(serialNumber)'"
            )
        }
    }

    /// Asks the drive for its serial number and refuses another than the given: it may have been swapped since it
    /// was asked what it is.
    ///
    /// - Parameters:
    ///   - serialNumber: What the caller believes that the drive's is; nil when it does not say.
    ///   - isAnswerNeeded: False for what only stops the drive: one that does not answer any more, or is shut down,
    ///     can be reset all the same.
    ///   - action: What is to be done, for the text of the error.
    ///   - requester: Who asks.
    ///   - timeLimit: How long the call has; nil for as long as usual. An answer that is not needed leaves half of it.
    /// - Throws: `DriveError`; `notAllowed` when it is another drive's, `unavailable` when no controller has told yet
    ///   what it is, and so none can be asked.
    public func ask(
        forSerialNumber serialNumber: String?,
        isAnswerNeeded: Bool = true,
        before action: String,
        for requester: Requester,
        timeLimit: Duration? = nil
    ) async throws(DriveError) {
        guard let serialNumber else { return }
        guard let controller = inventory.controllers.first(where: { $0.identity != nil }) else {
            guard isAnswerNeeded else { return }
            throw .unavailable(
                address,
                reason:
                    "\(action): which drive is there is not known, so that it cannot be asked whether it is "
                    + "'\(serialNumber)'"
            )
        }
        let data: [UInt8]
        do {
            data = try await perform(
                Identify(.controller, on: controller.identifier, length: Self.identityLength),
                for: requester,
                timeLimit: isAnswerNeeded ? timeLimit : timeLimit.map { $0 / 2 }
            )
        } catch {
            guard !isAnswerNeeded, case .command = error else { throw error }
            return
        }
        let answered = (try? IdentifyController(prefix: data))?.serialNumber ?? ""
        guard answered == serialNumber else {
            life.look()
            throw .notAllowed(
                "\(action): the drive at \(address) now has the serial number '\(answered)', not "
                    + "'\(serialNumber)'"
            )
        }
    }

    /// Bytes of Identify Controller up to the model number.
    private static let identityLength: UInt32 = 64
}
