import ArgumentParser
import Glibc

/// Whether all that is on a drive is to be erased: the end of its serial number, typed by a person; or `--yes` with all of
/// it.
struct DriveConfirmation: ParsableArguments {
    @Flag(help: "Do it without asking; needs --serial-number.")
    var yes = false

    @Option(
        help: "The serial number of the drive that is meant; with another one, nothing is done."
    )
    var serialNumber: String?

    func validate() throws {
        if yes, serialNumber == nil {
            throw ValidationError(
                "--yes needs --serial-number, so that it is done to no other drive than the one that is meant."
            )
        }
    }

    /// Says what is about to be done to which drive, and makes sure that it is meant.
    ///
    /// - Parameters:
    ///   - deed: What is done to it, as far as the drive's name.
    ///   - drive: The drive.
    ///   - note: What else comes of it, as a sentence that a blank begins.
    /// - Throws: `Failure` when it is another drive, nobody can be asked, or the answer is wrong.
    func ask(_ deed: String, of drive: DriveLabel, note: String = "") throws(Failure) {
        guard let actual = drive.serialNumber else { throw .unknownSerialNumber }
        if let serialNumber, serialNumber != actual {
            throw Failure(
                .failed,
                "The drive has the serial number \(Columns.printable(actual)), not "
                    + "\(Columns.printable(serialNumber)). Nothing was done."
            )
        }
        let announcement = "This \(deed) \(drive.description).\(note)"
        guard !yes else { return Descriptor.complain(announcement) }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .usage,
                announcement,
                advice:
                    "Nobody can be asked whether that is meant: add --yes --serial-number SERIAL if it is."
            )
        }
        Descriptor.complain(announcement)
        let end = Self.end(of: actual)
        try Descriptor.write(
            Array("Type the last \(end.count) characters of the serial number to go on: ".utf8),
            to: STDERR_FILENO,
            name: "standard error"
        )
        guard Self.isConsent(readLine() ?? "", to: actual) else {
            throw Failure(.failed, "That is not the drive's serial number. Nothing was done.")
        }
    }

    private static func end(of serialNumber: String) -> String { String(serialNumber.suffix(4)) }

    /// Whether an answer is the end of the serial number; the whole is as good.
    static func isConsent(_ answer: String, to serialNumber: String) -> Bool {
        let answer = String(answer.filter { !$0.isWhitespace })
        guard !answer.isEmpty else { return false }
        return answer == end(of: serialNumber) || answer == serialNumber
    }
}
