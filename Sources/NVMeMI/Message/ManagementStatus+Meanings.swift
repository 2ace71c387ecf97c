extension ManagementStatus {
    /// What the status means, in a sentence; nil for one that has no name.
    public var meaning: String? { Self.meanings[code: rawValue] }

    private static var meanings: KeyValuePairs<UInt8, String> {
        [
            0x00: "The command was carried out.",
            0x01: "The command takes longer; its response comes later.",
            0x02: "The endpoint failed for reasons of its own.",
            0x03: "The endpoint does not know the opcode or does not support it.",
            0x04: "A field of the request has a value that is not allowed.",
            0x05: "The message is too short or too long for its header.",
            0x06: "The request has more or less data than its header says.",
            0x07: "The command is not permitted now, for example because of a lockdown.",
            0x08: "The command could not be aborted any more.",
            0x20: "The Vital Product Data were written as often as they can be.",
            0x21: "The PCIe function is being reset, is in a low power state or has no link.",
            0x22:
                "A sanitize operation cleared the Management Endpoint Buffer since it was written.",
            0x23: "Enclosure services failed.",
            0x24: "The transfer to or from enclosure services failed.",
            0x25: "The enclosure has failed.",
            0x26: "Enclosure services do not take the transfer now.",
            0x27: "The enclosure does not have the function.",
            0x28: "Enclosure services are not available now.",
            0x29: "The enclosure works with restrictions.",
            0x2A: "A sanitize operation does not allow the command while it is in progress.",
        ]
    }
}
