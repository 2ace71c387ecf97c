import ArgumentParser
import DBus

/// Whether a drive is asked for what it has said that it does not have.
struct Insistence: ParsableArguments {
    @Flag(help: "Also when the drive says that it cannot.")
    var force = false

    func add(to options: inout VariantDictionary) {
        if force { options.set("force", true) }
    }

    /// Options with this one among them.
    func added(to options: VariantDictionary) -> VariantDictionary {
        var options = options
        add(to: &options)
        return options
    }
}
