internal import MCTP
internal import NVMeMIDevice

/// A drive's side of the MCTP control protocol: what a bus owner asks before it publishes an
/// endpoint.
struct ControlResponder {
    /// Endpoint identifier that the bus owner gave; null before that and after a reset.
    var identifier = EndpointID.null
    /// The endpoint's UUID; `nil` for one that does not answer the question.
    let uuid: DeviceUUID?
    private var isDiscovered = false

    init(uuid: DeviceUUID?) {
        self.uuid = uuid
    }

    /// The answer to a control message; `nil` when it wants none.
    mutating func answer(to message: [UInt8]) -> [UInt8]? {
        guard let question = try? ControlMessage(parsing: message),
            question.direction == .request
        else { return nil }
        let request: ControlRequest
        do {
            request = try ControlRequest(question)
        } catch .wrongLength {
            return question.response(.invalidLength).bytes
        } catch {
            return question.response(.invalidData).bytes
        }
        return answer(to: request, question).bytes
    }

    private mutating func answer(
        to request: ControlRequest,
        _ question: ControlMessage
    ) -> ControlMessage {
        let response: ControlResponse
        switch request {
        case .setEndpointID(let operation, let endpoint):
            guard let answer = set(operation, endpoint) else {
                return question.response(.invalidData)
            }
            response = answer
        case .getEndpointID:
            response = .getEndpointID(
                endpoint: identifier,
                isBridge: false,
                kind: .dynamic,
                mediumSpecific: 0
            )
        case .getEndpointUUID:
            guard let uuid else { return question.response(.unsupportedCommand) }
            response = .getEndpointUUID(uuid.bytes)
        case .getVersionSupport(let type):
            guard let versions = ControlResponder.versions[type] else {
                return question.response(.unsupportedMessageType)
            }
            response = .getVersionSupport(versions)
        case .getMessageTypeSupport:
            response = .getMessageTypeSupport([.control, .nvmeManagementInterface])
        case .getVendorDefinedMessageSupport:
            // There are none, so no selector is valid.
            return question.response(.invalidData)
        default:
            return question.response(.unsupportedCommand)
        }
        return response.message(answering: question)
    }

    private mutating func set(
        _ operation: ControlRequest.SetOperation,
        _ endpoint: EndpointID
    ) -> ControlResponse? {
        switch operation {
        case .set, .force:
            guard endpoint.isAssignable else { return nil }
            identifier = endpoint
        case .reset:
            // The drive has no static identifier to go back to.
            return nil
        case .setDiscovered:
            isDiscovered = true
        }
        return .setEndpointID(
            isAccepted: true,
            pool: .none,
            endpoint: identifier,
            poolSize: 0
        )
    }

    /// Versions by message type, major version first: FFh is the base protocol.
    private static let versions: [UInt8: [UInt32]] = [
        0xFF: [0xF1F3_F100],
        MessageType.control.rawValue: [0xF1F3_F100],
        MessageType.nvmeManagementInterface.rawValue: [0xF1F0_F000],
    ]
}
