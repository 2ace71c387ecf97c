import NVMeMI
import XCTest

/// What is known beforehand to speak against erasing.
final class EraseObjectionTests: XCTestCase {
    private static let all: SanitizeCapabilities = [.cryptoErase, .blockErase, .overwrite]

    private func sanitize(
        _ action: SanitizeAction,
        _ change: (inout Sanitize) -> Void = { _ in }
    ) -> Sanitize {
        var command = Sanitize(action, on: 0)
        change(&command)
        return command
    }

    func testSanitizeAndCapabilities() {
        for action in [SanitizeAction.blockErase, .cryptoErase, .overwrite, .exitFailureMode] {
            XCTAssertNil(sanitize(action).objection(by: Self.all))
        }
        XCTAssertEqual(
            sanitize(.cryptoErase).objection(by: [.blockErase, .overwrite]),
            "SanitizeCapabilities of Identify Controller does not have CryptoErase; it has BlockErase, Overwrite"
        )
        let lasting = sanitize(.blockErase) { $0.noDeallocate = true }
        XCTAssertNil(lasting.objection(by: .blockErase))
        XCTAssertNotNil(lasting.objection(by: [.blockErase, .noDeallocateInhibited]))
        let verified = sanitize(.blockErase) { $0.entersMediaVerification = true }
        XCTAssertNotNil(verified.objection(by: .blockErase))
        XCTAssertNil(verified.objection(by: [.blockErase, .mediaVerification]))
        XCTAssertNotNil(sanitize(.exitMediaVerification).objection(by: Self.all))
    }

    func testSanitizeThatContradictsItself() {
        XCTAssertNil(
            sanitize(.overwrite) {
                $0.overwritePasses = 3
                $0.overwritePattern = 0xA5A5_A5A5
                $0.invertsPattern = true
                $0.allowsUnrestrictedExit = true
            }.contradiction
        )
        XCTAssertNotNil(sanitize(.blockErase) { $0.overwritePasses = 3 }.contradiction)
        XCTAssertNotNil(sanitize(.cryptoErase) { $0.overwritePattern = 1 }.contradiction)
        XCTAssertNotNil(sanitize(.exitFailureMode) { $0.noDeallocate = true }.contradiction)
        XCTAssertNotNil(sanitize(SanitizeAction(rawValue: 7)).contradiction)
        XCTAssertNotNil(
            sanitize(.blockErase) {
                $0.noDeallocate = true
                $0.entersMediaVerification = true
            }.contradiction
        )
    }

    func testEstimates() {
        var log = SanitizeStatusLog()
        log.blockEraseTime = 90
        log.blockEraseTimeWithoutDeallocate = 80
        log.commandDword10 = 0x202
        XCTAssertEqual(log.action, .blockErase)
        XCTAssertEqual(log.estimate, 80)
        XCTAssertEqual(log.estimate(of: .blockErase, noDeallocate: false), 90)
        XCTAssertNil(log.estimate(of: .cryptoErase, noDeallocate: false))
        XCTAssertNil(log.estimate(of: .exitFailureMode, noDeallocate: false))
        log.progress = 0x4000
        XCTAssertEqual(log.fractionDone, 0.25)
    }

    func testFormatAndAttributes() {
        let one = FormatNVM(1, on: 0, formatIndex: 0)
        XCTAssertNil(one.objection(by: [], namespaceCount: 5))
        XCTAssertNil(one.objection(by: .formatAllNamespaces, namespaceCount: 1))
        XCTAssertTrue(
            one.objection(by: .formatAllNamespaces, namespaceCount: 2)?.contains("all 2") ?? false
        )
        XCTAssertNil(one.objection(by: .eraseAllNamespaces, namespaceCount: 2))
        let erased = FormatNVM(1, on: 0, formatIndex: 0, erase: .userData)
        XCTAssertNotNil(erased.objection(by: .eraseAllNamespaces, namespaceCount: 2))
        let crypto = FormatNVM(1, on: 0, formatIndex: 0, erase: .cryptographic)
        XCTAssertNotNil(crypto.objection(by: [], namespaceCount: 1))
        XCTAssertNil(crypto.objection(by: .cryptoErase, namespaceCount: 1))
        let all = FormatNVM(.max, on: 0, formatIndex: 0)
        XCTAssertNil(all.objection(by: .formatAllNamespaces, namespaceCount: 2))
        XCTAssertNotNil(all.objection(by: .broadcastNotSupported, namespaceCount: 2))
    }

    /// A namespace with blocks of 512, 512 + 8 and twice 4096 bytes.
    private var namespace: IdentifyNamespace {
        var identity = IdentifyNamespace()
        identity.lbaFormats = [
            LBAFormat(dataSizeExponent: 9), LBAFormat(dataSizeExponent: 9, metadataSize: 8),
            LBAFormat(dataSizeExponent: 12, relativePerformance: 2),
            LBAFormat(dataSizeExponent: 12, relativePerformance: 1),
        ]
        identity.greatestLBAFormat = 3
        identity.metadataCapabilities = 2
        identity.protectionCapabilities = 0x11
        return identity
    }

    func testFormatsOfANamespace() {
        func objection(_ index: UInt8, _ change: (inout FormatNVM) -> Void = { _ in }) -> String? {
            var command = FormatNVM(1, on: 0, formatIndex: index)
            change(&command)
            return command.objection(by: namespace)
        }
        XCTAssertNil(objection(3))
        XCTAssertTrue(objection(4)?.contains("1 (512 bytes with 8 of metadata)") ?? false)
        XCTAssertNil(objection(1) { $0.protectionType = 1 })
        XCTAssertNotNil(objection(0) { $0.protectionType = 1 })
        XCTAssertNotNil(objection(1) { $0.protectionType = 2 })
        XCTAssertNotNil(objection(1) { $0.protectionType = 4 })
        XCTAssertNotNil(objection(1) { ($0.protectionType, $0.isProtectionFirst) = (1, true) })
        XCTAssertNotNil(objection(1) { $0.isProtectionFirst = true })
        XCTAssertNotNil(objection(1) { $0.isMetadataInterleaved = true })
    }

    func testFormatBySize() {
        func index(_ block: UInt64, _ metadata: UInt16 = 0) -> UInt8? {
            FormatNVM.formatIndex(blockSize: block, metadataSize: metadata, in: namespace)
        }
        XCTAssertEqual(index(512), 0)
        XCTAssertEqual(index(512, 8), 1)
        // The faster of two.
        XCTAssertEqual(index(4096), 3)
        XCTAssertNil(index(520))
    }
}
