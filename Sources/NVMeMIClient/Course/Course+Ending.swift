import EventLoop
import MCTP
import NVMeMI

extension Course {
    /// Ends with the answer that was held.
    mutating func concludeWithAnswer(_ around: inout Surroundings) {
        guard let answer = awaiting.answer else { return }
        // It answers this command, as it answered the last.
        if around.isShared, grant?.slot != nil { around.keepAnswer(to: awaiting.transmission) }
        conclude(answer, &around)
    }

    mutating func conclude(_ response: Response, _ around: inout Surroundings) {
        awaiting.endExchanges(answersMayCome: awaiting.isSentAgain, &around)
        if let slot = grant?.slot {
            around[slot].silences = 0
            // Without tags, a second answer could be taken for the next command's.
            if awaiting.isSentAgain, around.isShared { around.doubt(slot, since: awaiting.sent) }
            learnSpacing(&around)
        }
        around.statistics.noteLatency(of: order.name, from: awaiting.sent, to: around.now)
        end(.success(response))
    }

    private func learnSpacing(_ around: inout Surroundings) {
        switch attempt {
        case .first:
            if !awaiting.isSentAgain { around.spacing.noteAnswered(at: awaiting.distance) }
        case .repetition(let lost?):
            guard around.spacing.noteHelped(lost) else { return }
            around.actions.append(.tellGap(.nanoseconds(around.spacing.learnt)))
        case .repetition(nil):
            break
        }
    }

    mutating func lose(_ around: inout Surroundings) {
        around.statistics.lostAnswers += 1
        awaiting.endExchanges(answersMayCome: true, &around)
        // Without tags the answer, were it to come still, could be taken for the next.
        if around.isShared { around.doubt(slot, since: awaiting.sent) }
        if case .repetition(_?) = attempt { around.spacing.noteLostAgain() }
        tryAgain(lostAt: awaiting.distance, .answerLost(note: awaiting.note), &around)
    }

    /// Sends the command once more, if it may be, else ends with the error.
    mutating func tryAgain(
        lostAt distance: Int64?,
        _ error: SessionError,
        _ around: inout Surroundings
    ) {
        guard case .first = attempt, order.isRepeatable, grant?.slot != nil,
            around.now < time.deadline
        else { return end(.failure(error)) }
        around.statistics.repetitions += 1
        attempt = .repetition(lostAt: distance)
        care = .careful
        prepare(&around)
    }

    /// Ends without an answer.
    mutating func giveUp(
        _ error: SessionError,
        _ around: inout Surroundings
    ) {
        if awaiting.leavesDoubt(grant) {
            awaiting.abandon(&around)
        } else {
            awaiting.endExchanges(answersMayCome: true, &around)
        }
        end(.failure(error))
    }
}
