import EventLoop
public import NVMeMI
import NVMeMIClient

/// Log pages that are declared: read whole, however long they say they are, and as they were at one time.
extension Controller {
    /// How often a page is read again that has changed meanwhile.
    private static let attempts = 3

    /// Reads a log page whole.
    ///
    /// A page that takes several messages and has a number that changes with it is read again when it has changed
    /// meanwhile.
    ///
    /// - Parameters:
    ///   - declaration: What is known of the page.
    ///   - template: Says which page of which controller and with which selectors.
    ///   - limit: Bytes of it that are read at most.
    ///   - timeLimit: For all its messages; nil leaves each its own.
    ///   - requester: For whom.
    /// - Returns: The bytes.
    /// - Throws: `DriveError`: `argument` for a longer page, `notAllowed` for one that changes all the time.
    public func readLog(
        _ declaration: LogPageDeclaration,
        _ template: GetLogPage,
        limit: UInt64,
        timeLimit: Duration? = nil,
        for requester: Requester
    ) async throws(DriveError) -> [UInt8] {
        let deadline = timeLimit.map { EventLoop.main.now + $0 }
        var template = template
        for _ in 0..<Self.attempts {
            let page = try await readLogOnce(declaration, template, limit, deadline, requester)
            // What the controller was to do beside, it has done.
            template = template.withoutAction
            guard page.count > Int(AdminMessage.maximumDataLength),
                let before = declaration.change(in: page)
            else { return page }
            let after = try await change(of: declaration, template, deadline, requester)
            if before == after { return page }
        }
        throw .notAllowed(
            "log page \(declaration.identifier) of controller \(identifier) of \(endpoint.address) has changed "
                + "each of the \(Self.attempts) times while it was read; try again later"
        )
    }

    /// The bytes that a log page has, as far as it is known or the page tells; nil for pages that are not declared.
    ///
    /// A page that tells is asked, with all that the template has the controller do.
    ///
    /// - Throws: `DriveError`.
    public func length(
        of template: GetLogPage,
        timeLimit: Duration? = nil,
        for requester: Requester
    ) async throws(DriveError) -> UInt64? {
        guard let declaration = LogPages.find(template.page) else {
            return length(of: template.page)
        }
        switch declaration.extent {
        case .fixed, .errorEntries: return wholeLength(of: declaration, after: [])
        case .told:
            let deadline = timeLimit.map { EventLoop.main.now + $0 }
            let beginning = try await readLog(
                template.beginning,
                length: UInt64(declaration.extent.beginning),
                timeLimit: deadline.map(Self.left),
                for: requester
            )
            return wholeLength(of: declaration, after: beginning)
        }
    }

    /// The number that changes with a page, as it is now; nil for a page without one.
    ///
    /// - Throws: `DriveError`.
    public func change(
        of template: GetLogPage,
        timeLimit: Duration? = nil,
        for requester: Requester
    ) async throws(DriveError) -> UInt64? {
        guard let declaration = LogPages.find(template.page), declaration.changeCounter != nil
        else {
            return nil
        }
        let deadline = timeLimit.map { EventLoop.main.now + $0 }
        return try await change(of: declaration, template, deadline, requester)
    }

    private func readLogOnce(
        _ declaration: LogPageDeclaration,
        _ template: GetLogPage,
        _ limit: UInt64,
        _ deadline: MonotonicInstant?,
        _ requester: Requester
    ) async throws(DriveError) -> [UInt8] {
        var page: [UInt8] = []
        var wanted = wholeLength(of: declaration, after: [])
        // A page may say that it is longer when more of it is known.
        while page.count < Int(clamping: wanted) {
            guard wanted <= limit else {
                throw .argument(
                    "log page \(declaration.identifier) has \(wanted) bytes, and \(limit) are read at once; "
                        + "ReadLogTo reads all of it"
                )
            }
            let isWholeKnown = if case .told = declaration.extent { !page.isEmpty } else { true }
            var command = page.isEmpty ? template.beginning : template.withoutAction.beginning
            // The rest, where the controller can begin there; what was read first is whole dwords.
            let hasOffset = logPageAbilities.hasOffset && page.count % 4 == 0
            command.offset = hasOffset ? UInt64(page.count) : 0
            // Events are acknowledged, if so, with the last message.
            command.retainsAsynchronousEvent = template.retainsAsynchronousEvent || !isWholeKnown
            let piece = try await readLog(
                command,
                length: wanted - command.offset,
                timeLimit: deadline.map(Self.left),
                for: requester
            )
            let before = page.count
            page = hasOffset ? page + piece : piece
            guard page.count > before else { break }
            wanted = wholeLength(of: declaration, after: page)
        }
        return page
    }

    private func change(
        of declaration: LogPageDeclaration,
        _ template: GetLogPage,
        _ deadline: MonotonicInstant?,
        _ requester: Requester
    ) async throws(DriveError) -> UInt64? {
        guard let counter = declaration.changeCounter else { return nil }
        let beginning = try await readLog(
            template.withoutAction.beginning,
            length: UInt64(max(counter.upperBound, 4)),
            timeLimit: deadline.map(Self.left),
            for: requester
        )
        return declaration.change(in: beginning)
    }

    private func wholeLength(of declaration: LogPageDeclaration, after page: [UInt8]) -> UInt64 {
        declaration.extent.length(
            after: page,
            errorEntries: Int(identity?.errorLogPageEntries ?? 0) + 1
        )
    }

    private static func left(_ deadline: MonotonicInstant) -> Duration {
        max(EventLoop.main.now.duration(to: deadline), .milliseconds(1))
    }
}

extension GetLogPage {
    /// The same page from its first byte on, without any event acknowledged.
    fileprivate var beginning: GetLogPage {
        var command = self
        command.offset = 0
        command.retainsAsynchronousEvent = true
        return command
    }
}
