import NVMeMI
import XCTest

/// Nothing that arrives makes the module trap, and what is damaged is not believed.
final class HostileBytesTests: XCTestCase {
    func testEveryPrefixOfEveryFrameIsRefused() {
        for frame in GoldenFrames.requests + GoldenFrames.responses {
            for count in stride(from: 0, to: frame.count, by: frame.count > 1000 ? 61 : 1) {
                let prefix = Array(frame.prefix(count))
                XCTAssertThrowsError(try Response.parse(prefix)) {
                    XCTAssertTrue($0 is EnvelopeError, "\($0)")
                }
                XCTAssertThrowsError(try Request.parse(prefix)) {
                    XCTAssertTrue($0 is EnvelopeError, "\($0)")
                }
                XCTAssertThrowsError(try AsynchronousEventMessage.parse(prefix)) {
                    XCTAssertTrue($0 is EnvelopeError, "\($0)")
                }
            }
        }
    }

    func testEveryBitOfAFrameIsCovered() {
        for frame in GoldenFrames.responses where frame.count < 100 {
            for bit in 0..<frame.count * 8 {
                var damaged = frame
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                XCTAssertThrowsError(try Response.parse(damaged))
            }
        }
    }

    func testEveryShortenedRequestIsAnswered() throws {
        for command in AnyCommand.all {
            let message = command.example.dropLast(4)
            for count in 4..<min(message.count, 200) {
                let request = try Request.parse(sealed(Array(message.prefix(count))))
                do {
                    _ = try command.recode(request)
                    XCTAssertGreaterThanOrEqual(count, command.size, command.name)
                } catch let error as RequestError {
                    if count < command.size {
                        XCTAssertEqual(error.status, .invalidCommandSize, command.name)
                    } else {
                        XCTAssertEqual(error.status, .invalidCommandInputDataSize, command.name)
                    }
                    XCTAssertFalse(error.reason.isEmpty)
                }
            }
        }
    }

    func testEveryShortenedResponseDecodesOrThrows() throws {
        for frame in GoldenFrames.responses {
            let message = frame.dropLast(4)
            for count in stride(from: 8, to: message.count, by: message.count > 1000 ? 211 : 1) {
                guard let response = try? Response.parse(sealed(Array(message.prefix(count))))
                else { continue }
                for command in AnyCommand.all { attempt(response, with: command) }
            }
        }
    }

    func testRandomAndDamagedFrames() {
        var generator = Generator(seed: 0xBADC_0FFE)
        let frames = GoldenFrames.requests + GoldenFrames.responses
        let commands = AnyCommand.all
        let commandsOfOpcode = Dictionary(grouping: commands) {
            Int($0.category.rawValue) << 8 | Int($0.opcode)
        }
        // Most of the frames are small, so that the large ones do not take all the time.
        let small = frames.filter { $0.count < 200 }
        for round in 0..<60_000 {
            var message: [UInt8]
            switch generator.below(4) {
            case 0: message = [0x84] + generator.bytes(generator.below(120))
            case 1 where round % 16 == 0:
                message = Array(frames[generator.below(frames.count)].dropLast(4))
            default: message = Array(small[generator.below(small.count)].dropLast(4))
            }
            damage(&message, &generator)
            let frame = generator.below(8) == 0 ? message : resealed(message)
            if let response = try? Response.parse(frame) {
                for _ in 0..<3 {
                    attempt(response, with: commands[generator.below(commands.count)])
                }
            }
            if let request = try? Request.parse(frame) {
                let key = Int(request.category.rawValue) << 8 | Int(request.opcode ?? 0)
                if let candidates = commandsOfOpcode[key] {
                    attempt(request, of: candidates[generator.below(candidates.count)])
                }
            }
            _ = try? AsynchronousEventMessage.parse(frame)
        }
    }

    func testRandomListsAndStructures() {
        var generator = Generator(seed: 0xFACE)
        for round in 0..<1_000 {
            var data = generator.bytes(generator.below(64))
            // Small numbers are counts and lengths that fit, which random ones seldom do.
            if round % 2 == 0 { data = data.map { $0 & 0x13 } }
            for list in AnyList.all {
                if let recoded = try? list.recode(data) {
                    XCTAssertEqual(try list.recode(recoded), recoded, list.name)
                    XCTAssertNoThrow(try list.namedValues(data))
                }
            }
        }
    }

    /// As `sealed`, with the module's own check, which other tests compare with this one's.
    private func resealed(_ message: [UInt8]) -> [UInt8] {
        let check = MessageIntegrityCheck.compute(message)
        return message + (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) }
    }

    private func damage(_ message: inout [UInt8], _ generator: inout Generator) {
        for _ in 0..<generator.below(4) where !message.isEmpty {
            let index = generator.below(message.count)
            switch generator.below(3) {
            case 0: message[index] ^= 1 << UInt8(generator.below(8))
            case 1: message[index] = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF][generator.below(6)]
            default: message[index] = UInt8(generator.below(256))
            }
        }
        switch generator.below(8) {
        case 0: message.removeLast(min(message.count, generator.below(20)))
        case 1: message += generator.bytes(generator.below(20))
        default: break
        }
        if !message.isEmpty, generator.below(8) != 0 { message[0] = 0x84 }
    }

    private func attempt(_ response: Response, with command: AnyCommand) {
        do {
            try command.decode(response)
        } catch {
            XCTAssertTrue(
                error is NVMeMI.DecodingError || error is DeviceError,
                "\(command.name): \(error)"
            )
            XCTAssertFalse("\(error)".isEmpty)
        }
    }

    private func attempt(_ request: Request, of command: AnyCommand) {
        do {
            let recoded = try command.recode(request)
            // What was understood is sent again the same.
            XCTAssertEqual(try command.recode(Request.parse(recoded)), recoded, command.name)
            try command.validate(request)
        } catch let error as RequestError {
            XCTAssertNotEqual(error.status, .success)
        } catch is ArgumentError {
        } catch {
            XCTFail("\(command.name): \(error)")
        }
    }
}
