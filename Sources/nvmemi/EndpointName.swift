/// What a person writes to name an endpoint, or a controller behind it.
///
/// `9`, `1:9`, `net 1 eid 9`, an object path, or the beginning of a serial number; for a controller
/// followed by `/` and its number, or its object path.
struct EndpointName: Equatable, Sendable {
    /// The ways to read what was written, the likeliest first.
    var readings: [Reading]
    /// The controller behind the slash; nil when none was named.
    var controller: UInt16?
    /// As it was written.
    var text: String

    enum Reading: Equatable, Sendable {
        case address(network: UInt32?, endpoint: UInt8)
        case path(String)
        case serialNumber(beginning: String)
    }

    init(_ text: String) {
        self.text = text
        if text.first == "/" {
            let (endpoint, controller) = EndpointName.splitPath(text)
            readings = [.path(endpoint)]
            self.controller = controller
            return
        }
        var name = Substring(text)
        if let slash = text.lastIndex(of: "/"),
            let controller = UInt16(number: text[text.index(after: slash)...])
        {
            name = text[..<slash]
            self.controller = controller
        }
        readings = [EndpointName.address(name), .serialNumber(beginning: String(name))]
            .compactMap { $0 }
    }

    private static func splitPath(_ path: String) -> (endpoint: String, controller: UInt16?) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let index = parts.lastIndex(of: "endpoints"), index + 1 < parts.count else {
            return (path, nil)
        }
        var controller: UInt16?
        if index + 3 < parts.count, parts[index + 2] == "controllers" {
            controller = UInt16(parts[index + 3])
        }
        return ("/" + parts[...(index + 1)].joined(separator: "/"), controller)
    }

    private static func address(_ text: Substring) -> Reading? {
        let words = text.split(separator: " ").map { $0.lowercased() }
        if words.count == 4, words[0] == "net", words[2] == "eid",
            let network = UInt32(number: words[1]), let endpoint = UInt8(number: words[3])
        {
            return .address(network: network, endpoint: endpoint)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 2, let network = UInt32(number: parts[0]),
            let endpoint = UInt8(number: parts[1])
        {
            return .address(network: network, endpoint: endpoint)
        }
        if parts.count == 1, let endpoint = UInt8(number: text) {
            return .address(network: nil, endpoint: endpoint)
        }
        return nil
    }

    /// The one endpoint that is meant.
    ///
    /// A number is an endpoint ID before it is the beginning of a serial number; a whole serial number
    /// counts before the beginning of another.
    func resolve<Candidate: EndpointCandidate>(
        among candidates: [Candidate]
    ) throws(Failure) -> Candidate {
        for reading in readings {
            let fitting = candidates.filter { reading.fits($0) }
            let exact = fitting.filter { reading.isWhole($0) }
            let chosen = exact.isEmpty ? fitting : exact
            if chosen.count == 1 { return chosen[0] }
            guard chosen.isEmpty else {
                throw Failure(
                    .noEndpoint,
                    "“\(text)” can mean more than one endpoint",
                    advice: "Say which: "
                        + chosen.map { "\($0.network):\($0.endpoint)" }.joined(separator: ", ")
                )
            }
        }
        throw Failure(
            .noEndpoint,
            "There is no endpoint “\(text)”",
            advice: candidates.isEmpty
                ? "The daemon has found no endpoint yet; see whether mctpd knows any."
                : "`nvmemi list` shows the endpoints that there are."
        )
    }
}

/// What an endpoint can be named by.
protocol EndpointCandidate {
    var path: String { get }
    var network: UInt32 { get }
    var endpoint: UInt8 { get }
    var serialNumbers: [String] { get }
}

extension EndpointName.Reading {
    fileprivate func fits(_ candidate: some EndpointCandidate) -> Bool {
        switch self {
        case .address(let network, let endpoint):
            candidate.endpoint == endpoint && (network ?? candidate.network) == candidate.network
        case .path(let path):
            candidate.path == path
        case .serialNumber(let beginning):
            !beginning.isEmpty
                && candidate.serialNumbers.contains {
                    $0.lowercased().hasPrefix(beginning.lowercased())
                }
        }
    }

    fileprivate func isWhole(_ candidate: some EndpointCandidate) -> Bool {
        guard case .serialNumber(let text) = self else { return false }
        return candidate.serialNumbers.contains { $0.lowercased() == text.lowercased() }
    }
}
