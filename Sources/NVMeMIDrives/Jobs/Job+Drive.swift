import EventLoop
import Logging
import NVMeMI
import NVMeMIClient

/// How a job reaches its drive.
extension Job {
    /// The first and the longest pause before a drive that could not be reached is tried again.
    private static let pauses: ClosedRange<Duration> = .milliseconds(500)...(.seconds(5))
    /// How often something is sent whose answers are damaged.
    private static let attempts = 5

    /// Does something by a controller of the drive, by an endpoint that works.
    ///
    /// It is done again, perhaps by another endpoint, when the drive was away meanwhile, and as long as the settings
    /// have patience with that. Before anything is done by an endpoint, and again after the drive was away, the
    /// drive is asked whether it is the one that is meant.
    ///
    /// - Parameters:
    ///   - controller: The controller's identifier.
    ///   - isRepeatable: Whether it may be done again when nobody knows whether it was done; else it is only
    ///     done again when it was not sent.
    ///   - patience: How long the drive may be away; nil for what the settings say.
    ///   - body: Does it.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, when that is not that the drive is away, or is still that in the end;
    ///   `DriveError.interrupted`; `notAllowed` when there is another drive in its place.
    public func attempt<Value: Sendable>(
        on controller: UInt16,
        isRepeatable: Bool = true,
        patience: Duration? = nil,
        _ body: @LoopActor (Controller) async throws(DriveError) -> Value
    ) async throws(DriveError) -> Value {
        var end: MonotonicInstant?
        var pause = Self.pauses.lowerBound
        var damaged = 0
        let step = step
        defer { if end != nil, !state.isOver { enter(step) } }
        while true {
            try checkGoesOn()
            let failure: DriveError
            do throws(DriveError) {
                let controller = try present(controller)
                failedEndpoint = controller.endpoint
                try await verify(controller.endpoint)
                let value = try await body(controller)
                failedEndpoint = nil
                return value
            } catch {
                failure = error
            }
            // A command that is given up because the job is has no more to say.
            try checkGoesOn()
            switch failure.remedy(isRepeatable: isRepeatable) {
            case .none: throw failure
            case .repetition:
                damaged += 1
                guard damaged < Self.attempts else { throw failure }
            case .patience:
                verifiedEndpoint = nil
                absences &+= 1
                let now = EventLoop.main.now
                let limit = end ?? now + (patience ?? jobs.fleet.settings.jobs.patience)
                end = limit
                guard now + pause <= limit else { throw failure }
                logger.debug("waits", metadata: ["reason": "\(failure.words)"])
                enter("waiting for the drive to answer")
                try await self.pause(for: pause)
                pause = min(pause * 2, Self.pauses.upperBound)
            }
        }
    }

    /// The controller by the endpoint that commands take now.
    private func present(_ controller: UInt16) throws(DriveError) -> Controller {
        guard let drive else {
            throw .noEndpoint(drive: driveName, reason: "it is not there")
        }
        let ways = drive.endpointsByState.filter(\.isReachable).compactMap { endpoint in
            endpoint.inventory.controllers.first { $0.identifier == controller }
        }
        guard let way = ways.first(where: { $0.endpoint !== failedEndpoint }) ?? ways.first else {
            throw .noEndpoint(drive: driveName, reason: drive.stateReason.detail)
        }
        return way
    }

    /// Makes sure once that the drive behind an endpoint is the one that is meant.
    private func verify(_ endpoint: Endpoint) async throws(DriveError) {
        guard verifiedEndpoint !== endpoint else { return }
        try await endpoint.ask(
            forSerialNumber: target.identity?.serialNumber,
            before: operation,
            for: requester
        )
        verifiedEndpoint = endpoint
    }
}

extension DriveError {
    /// What may help against a failure.
    enum Remedy {
        /// Nothing.
        case none
        /// To send it once more.
        case repetition
        /// To wait for the drive.
        case patience
    }

    /// What may help against the failure of something.
    ///
    /// - Parameter isRepeatable: Whether it may be done twice.
    /// - Returns: The remedy.
    func remedy(isRepeatable: Bool) -> Remedy {
        switch self {
        case .unavailable, .noEndpoint: return .patience
        case .argument, .notAllowed, .unsupported, .directory, .failed, .interrupted, .tooMany:
            return .none
        case .command(let failure):
            switch failure.error {
            case .queueFull: return .patience
            case .argument, .cancelled: return .none
            case .closed: return isRepeatable ? .patience : .none
            case .timedOut, .transport:
                return isRepeatable || failure.error.evidence == .none ? .patience : .none
            case .envelope, .mismatch, .decoding, .answerLost:
                return isRepeatable ? .repetition : .none
            case .device(let refusal):
                // It was refused, and is not refused for long.
                let status = refusal.nvmeStatus?.withoutAdvice
                return status == .adminCommandMediaNotReady || status == .namespaceNotReady
                    ? .patience : .none
            }
        }
    }
}
