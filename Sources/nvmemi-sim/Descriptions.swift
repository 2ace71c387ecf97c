internal import NVMeMIDevice

/// What there is to choose from, as text.
enum Descriptions {
    static func text(_ subject: SimulatorCommand.Subject) -> String {
        switch subject {
        case .models:
            table(DriveDescription.models.map { ($0.name, $0.summary) })
        case .keys:
            """
            A file has sections of `key = value` lines; # begins a comment. Keys before the first \
            section are those of every drive.

            [drive]
            \(table([
                ("model", "what to start from, the first key; see --describe models"),
                ("copies", "number of drives, each with its own serial number"),
            ] + rows(DriveDescription.keys)))
            [port N]
            \(table(rows(PortDescription.keys)))
            [controller N]
            \(table(rows(ControllerDescription.keys)))
            [namespace N]
            \(table(rows(NamespaceDescription.keys)))
            [fault NAME]
            \(table(Fault.options.map { ($0.name, $0.documentation) }))
            """
        case .firmware:
            """
            An image begins with a line "SIMULATED-FIRMWARE REVISION [WORD...]"; its revision has up \
            to 8 characters. Words that decide what becomes of it:
            \(table(FirmwareImageHeader.words.map { ($0.word, $0.documentation) }))
            """
        case .faults:
            table(Fault.Kind.allCases.map { ($0.rawValue, $0.summary) })
                + "\nOptions:\n"
                + table(Fault.options.map { ($0.name, $0.documentation) })
        }
    }

    private static func rows<Target>(
        _ keys: [DescriptionKey<Target>]
    ) -> [(String, String)] {
        keys.map { ($0.name, $0.documentation) }
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, text in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + text + "\n"
        }.joined()
    }
}
