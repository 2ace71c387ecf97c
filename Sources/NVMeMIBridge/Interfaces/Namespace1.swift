import DBus
import EventLoop
import NVMeMI

/// A namespace of an NVM subsystem, as its controllers described it.
@LoopActor
final class Namespace {
    let identifier: UInt32
    var facts: EndpointInventory.Namespace

    init(_ identifier: UInt32, _ facts: EndpointInventory.Namespace) {
        self.identifier = identifier
        self.facts = facts
    }

    /// Logical blocks in bytes; the largest number when it is larger.
    func bytes(of blocks: UInt64) -> UInt64 {
        let (bytes, overflow) = blocks.multipliedReportingOverflow(
            by: facts.identity.format?.dataSize ?? 0
        )
        return overflow ? .max : bytes
    }

    /// The identifier of a type as text, from the descriptors or, with older controllers, from the
    /// namespace's own structure; empty when there is none.
    func name(_ type: NamespaceIdentifierType) -> String {
        let name = "\(type)"
        guard
            case .text(let text)? = facts.descriptors.namedValues[name]
                ?? facts.identity.namedValues[name]
        else { return "" }
        return text
    }
}

extension Interface where Object == Namespace {
    /// What a namespace is.
    static let namespace = Interface(
        "xyz.openbmc_project.NVMeMI.Namespace1",
        documentation: """
            A namespace that is active in one of the subsystem's controllers. The properties are as of \
            the endpoint's initialization.
            """
    ) {
        Property("NSID", "The namespace identifier.", .constant) { (namespace: Namespace) in
            namespace.identifier
        }
        Property("Size", "In bytes, without metadata.", .constant) { (namespace: Namespace) in
            namespace.bytes(of: namespace.facts.identity.size)
        }
        Property("Capacity", "The most that may be allocated, in bytes.", .constant) {
            (namespace: Namespace) in namespace.bytes(of: namespace.facts.identity.capacity)
        }
        Property("Utilization", "What is allocated, in bytes.", .emitsChange) {
            (namespace: Namespace) in namespace.bytes(of: namespace.facts.identity.utilization)
        }
        Property("BlockSize", "The size of a logical block in bytes, without metadata.", .constant)
        {
            (namespace: Namespace) in
            UInt32(clamping: namespace.facts.identity.format?.dataSize ?? 0)
        }
        Property("MetadataSize", "Bytes of metadata for each logical block.", .constant) {
            (namespace: Namespace) in namespace.facts.identity.format?.metadataSize ?? 0
        }
        Property(
            "NGUID",
            "Namespace Globally Unique Identifier in hexadecimal, or empty.",
            .constant
        ) {
            (namespace: Namespace) in namespace.name(.nguid)
        }
        Property("EUI64", "IEEE Extended Unique Identifier in hexadecimal, or empty.", .constant) {
            (namespace: Namespace) in namespace.name(.eui64)
        }
        Property("UUID", "The namespace's UUID, or empty.", .constant) { (namespace: Namespace) in
            namespace.name(.uuid)
        }
        Property("Controllers", "The controllers in which it is active.", .constant) {
            (namespace: Namespace) in namespace.facts.controllers
        }
        Property("WriteProtected", "Whether it is write protected at present.", .constant) {
            (namespace: Namespace) in namespace.facts.identity.isWriteProtected
        }
    }
}
