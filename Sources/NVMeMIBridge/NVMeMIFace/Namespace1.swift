import DBus
import EventLoop
import NVMeMIDrives

extension Interface where Object == Namespace {
    /// What a namespace is.
    static let namespace = Interface(
        "xyz.openbmc_project.NVMeMI.Namespace1",
        documentation: """
            A namespace that is active in one of the subsystem's controllers. The properties are as of \
            the last look at the endpoint.
            """,
        right: .reading
    ) {
        Property("NSID", "The namespace identifier.", .constant) { (namespace: Namespace) in
            namespace.identifier
        }
        Property("Size", "In bytes, without metadata.", .emitsChange) { (namespace: Namespace) in
            namespace.facts.size
        }
        Property("Capacity", "The most that may be allocated, in bytes.", .emitsChange) {
            (namespace: Namespace) in namespace.facts.capacity
        }
        Property("Utilization", "What is allocated, in bytes.", .emitsChange) {
            (namespace: Namespace) in namespace.facts.utilization
        }
        Property(
            "BlockSize",
            "The size of a logical block in bytes, without metadata.",
            .emitsChange
        ) {
            (namespace: Namespace) in
            namespace.facts.blockSize
        }
        Property("MetadataSize", "Bytes of metadata for each logical block.", .emitsChange) {
            (namespace: Namespace) in namespace.facts.metadataSize
        }
        Property(
            "NGUID",
            "Namespace Globally Unique Identifier in hexadecimal, or empty.",
            .emitsChange
        ) {
            (namespace: Namespace) in namespace.facts.nguid
        }
        Property("EUI64", "IEEE Extended Unique Identifier in hexadecimal, or empty.", .emitsChange)
        {
            (namespace: Namespace) in namespace.facts.eui64
        }
        Property("UUID", "The namespace's UUID, or empty.", .emitsChange) {
            (namespace: Namespace) in
            namespace.facts.uuid
        }
        Property("Controllers", "The controllers in which it is active.", .emitsChange) {
            (namespace: Namespace) in namespace.controllers
        }
        Property("WriteProtected", "Whether it is write protected at present.", .emitsChange) {
            (namespace: Namespace) in namespace.facts.isWriteProtected
        }
    }
}
