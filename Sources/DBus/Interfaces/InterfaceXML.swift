/// Interface descriptions as XML (D-Bus specification, "Introspection Data Format").
public enum InterfaceXML {
    /// An interface as a document of its own, for `share/dbus-1/interfaces`: with documentation as
    /// comments, the names of arguments, and annotations.
    ///
    /// The text depends on the description only, so that it can be kept in a repository and compared.
    ///
    /// - Parameter interface: The interface.
    /// - Returns: The document.
    public static func document(for interface: InterfaceDescription) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        \(documentType)
        <node>
        \(element(for: interface, documented: true))</node>

        """
    }

    /// An interface as a document of its own.
    ///
    /// - Parameter interface: The declared interface.
    /// - Returns: The document.
    public static func document<Object>(for interface: Interface<Object>) -> String {
        document(for: interface.description)
    }

    static let documentType = """
        <!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
        """

    /// The `<interface>` element of an interface.
    ///
    /// Live introspection goes without documentation: every object repeats its interfaces, and
    /// nobody reads them there.
    static func element(for interface: InterfaceDescription, documented: Bool) -> String {
        var printer = Printer(documented: documented)
        printer.comment(interface.documentation)
        printer.open("interface", [("name", interface.name.string)])
        for method in interface.methods { printer.print(method) }
        for property in interface.properties { printer.print(property) }
        for signal in interface.signals { printer.print(signal) }
        printer.close("interface")
        return printer.text
    }

    /// Text as it may stand in an attribute or between tags.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

private struct Printer {
    let documented: Bool
    private(set) var text = ""
    private var depth = 1

    init(documented: Bool) {
        self.documented = documented
    }

    private var indentation: String { String(repeating: "  ", count: depth) }

    private func tag(_ name: String, _ attributes: [(String, String)]) -> String {
        attributes.reduce("<" + name) { "\($0) \($1.0)=\"\(InterfaceXML.escape($1.1))\"" }
    }

    mutating func open(_ name: String, _ attributes: [(String, String)]) {
        text += indentation + tag(name, attributes) + ">\n"
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        text += indentation + "</" + name + ">\n"
    }

    mutating func empty(_ name: String, _ attributes: [(String, String)]) {
        text += indentation + tag(name, attributes) + "/>\n"
    }

    /// An element with what `contents` prints, or an empty one when that is nothing.
    mutating func element(
        _ name: String,
        _ attributes: [(String, String)],
        _ contents: (inout Printer) -> Void
    ) {
        var inner = self
        inner.text = ""
        inner.depth += 1
        contents(&inner)
        if inner.text.isEmpty {
            empty(name, attributes)
        } else {
            open(name, attributes)
            text += inner.text
            close(name)
        }
    }

    /// A comment; `--`, which must not stand in one, is spaced out.
    mutating func comment(_ documentation: String) {
        guard documented, !documentation.isEmpty else { return }
        var safe = ""
        for character in documentation {
            if character == "-", safe.last == "-" { safe.append(" ") }
            safe.append(character)
        }
        let lines = safe.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 1 || indentation.count + safe.count + 9 > 100 else {
            text += indentation + "<!-- " + safe + " -->\n"
            return
        }
        text += indentation + "<!--\n"
        for line in lines { wrap(line) }
        text += indentation + "-->\n"
    }

    /// One paragraph, broken between words.
    private mutating func wrap(_ paragraph: Substring) {
        var line = ""
        for word in paragraph.split(separator: " ") {
            if !line.isEmpty, indentation.count + line.count + word.count + 3 > 100 {
                text += indentation + "  " + line + "\n"
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        text += line.isEmpty ? "\n" : indentation + "  " + line + "\n"
    }

    mutating func annotate(_ annotations: [Annotation]) {
        for annotation in annotations {
            empty("annotation", [("name", annotation.name), ("value", annotation.value)])
        }
    }

    mutating func print(_ method: MethodDescription) {
        comment(method.documentation)
        element("method", [("name", method.name.string)]) { printer in
            printer.arguments(method.inputs, direction: "in")
            printer.arguments(method.outputs, direction: "out")
            printer.annotate(method.annotations)
        }
    }

    mutating func print(_ property: PropertyDescription) {
        comment(property.documentation)
        let attributes = [
            ("name", property.name.string), ("type", property.signature.string),
            ("access", property.isWritable ? "readwrite" : "read"),
        ]
        element("property", attributes) { printer in
            // "true" is what a reader without the annotation assumes.
            if property.change != .emitsChange {
                printer.annotate([
                    Annotation(
                        "org.freedesktop.DBus.Property.EmitsChangedSignal",
                        property.change.rawValue
                    )
                ])
            }
            printer.annotate(property.annotations)
        }
    }

    mutating func print(_ signal: SignalDescription) {
        comment(signal.documentation)
        element("signal", [("name", signal.name.string)]) { printer in
            printer.arguments(signal.arguments, direction: nil)
            printer.annotate(signal.annotations)
        }
    }

    private mutating func arguments(_ arguments: [ArgumentDescription], direction: String?) {
        for argument in arguments {
            var attributes = [("name", argument.name), ("type", argument.signature.string)]
            if let direction { attributes.append(("direction", direction)) }
            empty("arg", attributes)
        }
    }
}
