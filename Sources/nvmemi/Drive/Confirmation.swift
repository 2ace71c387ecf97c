import ArgumentParser
import Glibc

/// Whether what destroys something goes on: `--yes`, or a person's answer.
struct Confirmation: ParsableArguments {
    @Flag(help: "Do it without asking.")
    var yes = false

    /// Says what is about to be done to which drive, and asks unless `--yes` was given.
    ///
    /// - Throws: `Failure` when nobody can be asked, or the answer is not yes.
    func ask(_ deed: String, of drive: DriveLabel) throws(Failure) {
        let announcement = "This \(deed) \(drive.description)."
        if yes {
            Descriptor.complain(announcement)
            return
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .usage,
                announcement,
                advice: "Nobody can be asked whether that is meant: add --yes if it is."
            )
        }
        Descriptor.complain(announcement)
        try Descriptor.write(
            Array("Type yes to go on: ".utf8),
            to: STDERR_FILENO,
            name: "standard error"
        )
        guard Confirmation.isConsent(readLine() ?? "") else {
            throw Failure(.failed, "Nothing was done.")
        }
    }

    /// Only the whole word counts.
    static func isConsent(_ answer: String) -> Bool {
        answer.filter { !$0.isWhitespace }.lowercased() == "yes"
    }
}
