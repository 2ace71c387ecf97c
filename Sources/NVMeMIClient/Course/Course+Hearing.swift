import EventLoop
import MCTP
import NVMeMI

extension Course {
    mutating func hear(
        _ arrival: Arrival,
        _ around: inout Surroundings
    ) {
        switch awaiting.step {
        // It cannot answer what was not sent, or is answered.
        case .sending, .settling: return
        case .answer, .asking, .lastCall, .holding: break
        }
        switch Judgement(of: arrival, as: order.command, in: slot, &around) {
        case .answer(let response):
            take(response, arrival.message, &around)
        case .foreign(let what):
            awaiting.note = what
        case .moreProcessing(let nanoseconds):
            wait(nanoseconds, &around)
        case .damaged(let error):
            // A damaged answer is an answer.
            awaiting.endExchanges(answersMayCome: false, &around)
            tryAgain(lostAt: nil, error, &around)
        case .wrong(let error):
            giveUp(error, &around)
        }
    }

    private mutating func take(
        _ response: Response,
        _ message: [UInt8],
        _ around: inout Surroundings
    ) {
        switch awaiting.step {
        case .asking(let question):
            let moment = around.now.advanced(byNanoseconds: Self.momentOfTheOtherAnswer)
            awaiting.step = .settling(question, until: moment)
            awaiting.answer = response
        case .answer, .lastCall:
            guard around.isShared, grant?.slot != nil,
                around.isRepetition(message, to: awaiting.transmission)
            else { fallthrough }
            let end = around.now.advanced(byNanoseconds: Self.repetitionTime)
            awaiting.step = .holding(until: end)
            awaiting.answer = response
        case .holding, .sending, .settling:
            if around.isShared, grant?.slot != nil {
                around.keep(message, to: awaiting.transmission)
            }
            conclude(response, &around)
        }
    }

    /// Gives the drive more time.
    private mutating func wait(
        _ nanoseconds: Int64,
        _ around: inout Surroundings
    ) {
        awaiting.phase = .moreProcessing
        var next = time.deadline
        if nanoseconds > 0 {
            time.extend(byNanoseconds: nanoseconds, at: around.now)
            next = time.deadline
            if around.canAsk, grant?.slot != nil {
                // The time is the drive's own worst case; some is left for the way.
                next = around.now.advanced(byNanoseconds: nanoseconds)
                    .advanced(byNanoseconds: time.fifth)
            }
        }
        switch awaiting.step {
        case .answer, .lastCall: awaiting.step = .answer(until: next)
        case .sending, .asking, .holding, .settling: break
        }
    }

    /// How long the second of two equal answers to different commands is held where no tags tell them
    /// apart, in nanoseconds.
    private static let repetitionTime: Int64 = 20_000_000

    /// How long the answer to a question is waited for when the command's own has come meanwhile.
    private static let momentOfTheOtherAnswer: Int64 = 20_000_000
}
