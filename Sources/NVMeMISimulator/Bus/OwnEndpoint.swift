internal import DBus
internal import EventLoop
internal import NVMeMIDevice

/// The machine's own endpoint, which mctpd publishes beside the others.
@LoopActor
final class OwnEndpoint {
    let identifier: UInt8
    let network: UInt32

    init(identifier: UInt8, network: UInt32) {
        self.identifier = identifier
        self.network = network
    }

    static let interface = Interface<OwnEndpoint>(
        MctpdNames.endpoint,
        documentation: "An MCTP endpoint."
    ) {
        Property("EID", "Endpoint identifier.", .constant) { (endpoint: OwnEndpoint) in
            endpoint.identifier
        }
        Property("NetworkId", "Network.", .constant) { (endpoint: OwnEndpoint) in
            endpoint.network
        }
        Property("SupportedMessageTypes", "Message types.", .constant) { (_: OwnEndpoint) in
            [UInt8(0)]
        }
        Property("VendorDefinedMessageTypes", "Vendor defined types.", .constant) {
            (_: OwnEndpoint) in [Structure<UInt8, Variant, UInt16>]()
        }
    }

    static let identity = Interface<OwnEndpoint>(
        MctpdNames.identity,
        documentation: "The identity of an endpoint."
    ) {
        Property("UUID", "UUID of the endpoint.", .constant) { (_: OwnEndpoint) in
            DeviceUUID(derivedFrom: "machine").description
        }
    }
}
