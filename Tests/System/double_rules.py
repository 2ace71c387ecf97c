"""Rules of the test double (see double.py): which requests something befalls, and what."""

from messages import Request, replaced


class Rule:
    """Which requests something befalls, and what; made by `Double.when`."""

    def __init__(self, double, where):
        unknown = set(where) - set(Request.FIELDS)
        if unknown:
            raise TypeError(f"requests have no {', '.join(unknown)}; they have {Request.FIELDS}")
        self.double = double
        self.where = where
        self.occurrences = (0, None)
        self.seconds = (0, None)
        # When the first that fits came.
        self.began = None
        self.fitting = 0
        # How many requests it befell.
        self.met = 0
        # What is done: to the request before it is passed on (None: it is not), and to its answers.
        self.to_request = lambda request: request.data
        self.to_answer = None
        self.waits = 0

    # Which of the requests that fit

    def nth(self, number):
        """Only the one with this number, from 1."""
        return self.times(1, after=number - 1)

    def times(self, count, after=0):
        """Only so many, after so many others."""
        self.occurrences = (after, after + count)
        return self

    def during(self, begin, end):
        """Only from one time to the other, in seconds after the first that fits."""
        self.seconds = (begin, end)
        return self

    def takes(self, request, now):
        """Whether the rule is for a request; counts those that fit."""
        if not fits(request, self.where):
            return False
        self.began = self.began or now
        number, self.fitting = self.fitting, self.fitting + 1
        is_meant = within(number, self.occurrences) and within(now - self.began, self.seconds)
        self.met += is_meant
        return is_meant

    # What befalls them

    def drop(self):
        """The drive does not get them."""
        return self._act(to_request=lambda request: None)

    def pass_on(self):
        """Nothing: no later rule is for them."""
        return self._act()

    def delay(self, seconds):
        """The drive gets them later."""
        return self._act(waits=seconds)

    def ask(self, change):
        """The drive gets other bytes: change(request)."""
        return self._act(to_request=change)

    def lose_answer(self):
        """The drive gets them, and its answers get lost."""
        return self._act(to_answer=lambda request, answer: None)

    def reply(self, make):
        """The drive does not get them; make(request) is the answer, without its integrity check."""

        def answer_instead(request):
            self.double.send(request.eid, make(request), self.waits)

        return self._act(to_request=answer_instead)

    def answer(self, data, response=None):
        """The answer has these data, of which a slice may be asked for, and is right in all else."""
        return self.reply(lambda request: request.answer(data, response))

    def refuse(self, status, detail=b"\0\0\0"):
        """They are refused with an NVMe-MI status."""
        return self.reply(lambda request: request.refusal(status, detail))

    def refuse_nvme(self, status):
        """They are refused with an NVMe status."""
        return self.reply(lambda request: request.nvme_refusal(status))

    def change(self, change):
        """The drive's answers are changed: change(request, answer) returns the bytes, or None."""
        return self._act(to_answer=change)

    def patch(self, offset, octets):
        """Other bytes stand at an offset of the data that is asked for, whatever slice of it comes."""

        def patched(request, answer):
            start = answer.data_offset - (request.offset or 0) - (request.log_offset or 0)
            if offset + start + len(octets) <= answer.data_offset:
                return answer.data
            head, data = answer.data[:answer.data_offset], answer.data[answer.data_offset:]
            return head + replaced(data, offset + start - answer.data_offset, octets)

        return self._act(to_answer=patched)

    def _act(self, to_request=None, to_answer=None, waits=0):
        self.to_request = to_request or self.to_request
        self.to_answer = to_answer
        self.waits = waits
        self.double.add(self)
        return self

    def end(self):
        """The rule is no more."""
        self.double.remove(self)


def within(number, limits):
    """Whether a number is in a range that may be open."""
    begin, end = limits
    return begin <= number and (end is None or number < end)


def fits(request, where):
    """Whether a request's fields are as they are asked for."""
    for name, wanted in where.items():
        value = getattr(request, name)
        if callable(wanted):
            if value is None or not wanted(value):
                return False
        elif isinstance(wanted, (set, frozenset, list, tuple, range)):
            if value not in wanted:
                return False
        elif value != wanted:
            return False
    return True
