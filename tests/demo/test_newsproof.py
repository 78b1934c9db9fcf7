import asyncio
import io

import pytest

from demo import receiving
from demo.newsproof.accounts import Account, Receipt, Tried, account
from demo.newsproof.latencies import Comparison, Latency, latency, percentile, too_busy
from demo.newsproof.plans import HangPlan, KillPlan
from demo.newsproof.receiver import HANG_SECONDS, Book

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1614265330.0
BODY = b'{"test": 2432232314}'


def came(path="/1", message_id="evt_a", at=NOW, is_genuine=True):
    return Receipt(at, path, message_id, is_genuine)


def request(path="/1", **overrides):
    headers = {
        "Host": "127.0.0.1",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        **overrides,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode()


def book():
    return Book(SECRET, io.StringIO())


class TestAccount:
    def test_it_adds_up_when_everything_came_once(self):
        keys = {("/1", "evt_a"), ("/2", "evt_a")}

        found = account(keys, [came("/1"), came("/2")], dict.fromkeys(keys, Tried(1)))

        assert found == Account(expected=2, receipts=2)
        assert found.problems(most_cut=0) == []

    def test_it_names_what_is_lost_and_what_nobody_sent(self):
        found = account({("/1", "evt_a")}, [came("/1", "evt_b")], {})

        assert found.lost == [("/1", "evt_a")]
        assert found.unknown == [("/1", "evt_b")]
        assert found.problems(most_cut=9) == [
            "1 messages are lost, first: [('/1', 'evt_a')]",
            "1 messages nobody sent, first: [('/1', 'evt_b')]",
        ]

    def test_it_explains_a_duplicate_by_a_try_that_is_not_on_record(self):
        receipts = [came(at=NOW), came(at=NOW + 61.5)]

        found = account({came().key}, receipts, {came().key: Tried(1)})

        assert (found.duplicates, found.cut, found.repeated, found.unexplained) == (1, 1, 0, 0)
        assert found.longest_gap == 61.5
        assert found.problems(most_cut=1) == []

    def test_it_explains_a_duplicate_by_a_try_that_failed_or_came_late(self):
        found = account({came().key}, [came(), came()], {came().key: Tried(2, unfinished=1)})

        assert (found.duplicates, found.cut, found.repeated, found.unexplained) == (1, 0, 1, 0)
        assert found.problems(most_cut=0) == []

    def test_it_finds_no_reason_for_two_tries_that_both_arrived(self):
        found = account({came().key}, [came(), came()], {came().key: Tried(2)})

        assert found.unexplained == 1
        assert found.problems(most_cut=9) == ["1 duplicates without a reason"]

    def test_it_tells_reasons_of_one_message_apart(self):
        tried = {came().key: Tried(3, unfinished=1)}

        found = account({came().key}, [came() for _ in range(5)], tried)

        assert (found.duplicates, found.cut, found.repeated, found.unexplained) == (4, 2, 1, 1)

    def test_it_does_not_believe_in_more_cut_tries_than_the_kills_explain(self):
        found = account({came().key}, [came(), came(), came()], {came().key: Tried(1)})

        assert found.problems(most_cut=2) == []
        assert found.problems(most_cut=1) == ["2 tries cut, but the kills explain 1 at most"]

    def test_it_counts_forged_messages(self):
        found = account({came().key}, [came(is_genuine=False)], {came().key: Tried(1)})

        assert found.problems(most_cut=0) == ["1 messages whose signature is wrong"]


class TestLatencies:
    def test_it_takes_the_smallest_value_that_so_many_percent_do_not_exceed(self):
        values = [each / 1000 for each in range(1, 101)]

        assert (percentile(values, 50), percentile(values, 99)) == (0.05, 0.099)
        assert percentile([7.0], 99) == 7.0

    def test_it_is_told_in_milliseconds_in_any_order(self):
        assert latency([0.3, 0.1, 0.2]) == Latency(3, 200.0, 300.0)

    def test_it_refuses_to_judge_nothing(self):
        with pytest.raises(ValueError, match="nothing was measured"):
            latency([])

    @pytest.mark.parametrize(
        ("p99", "rise", "is_reached"),
        [(119.0, 19.0, True), (120.0, 20.0, False), (90.0, -10.0, True)],
    )
    def test_it_compares_the_slowest_hundredth(self, p99, rise, is_reached):
        compared = Comparison(Latency(9, 10.0, 100.0), Latency(9, 10.0, p99))

        assert compared.rise == pytest.approx(rise)
        assert compared.is_reached is is_reached

    def test_it_compares_nothing_when_one_of_the_healthy_runs_had_to_wait_itself(self):
        calm, busy = Latency(9, 40.0, 500.0), Latency(9, 40.0, 501.0)

        assert too_busy([calm, calm]) == []
        assert too_busy([calm, busy]) == [
            "p99 is 501 ms with all healthy: too busy a machine to compare anything"
        ]


class TestPlans:
    def test_it_makes_groups_as_large_as_an_event_reaches(self):
        assert HangPlan(endpoints=1_000, reach=25).groups == 40
        assert HangPlan(endpoints=5, reach=25).groups == 1

    def test_it_has_orders_for_the_whole_time(self):
        assert KillPlan(minutes=1.5, orders_per_second=2).orders == 180
        assert KillPlan(minutes=0.001, orders_per_second=1).orders == 1


class TestReceiver:
    def test_it_knows_the_published_signature(self):
        assert book().is_genuine(request(), BODY, now=NOW) is True

    def test_it_accepts_one_good_signature_among_several(self):
        given = "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

        assert book().is_genuine(request(**{"webhook-signature": given}), BODY, now=NOW) is True

    @pytest.mark.parametrize(
        ("overrides", "body", "now"),
        [
            ({}, BODY + b" ", NOW),
            ({"webhook-id": "msg_other"}, BODY, NOW),
            ({"webhook-signature": ""}, BODY, NOW),
            ({"webhook-timestamp": "soon"}, BODY, NOW),
            ({}, BODY, NOW + 301),
        ],
    )
    def test_it_believes_nothing_else(self, overrides, body, now):
        assert book().is_genuine(request(**overrides), body, now=now) is False

    def test_it_writes_down_a_line_a_message_and_holds_answers_of_paths_that_hang(self):
        taken = book()

        seconds = [taken.take(request("/7"), BODY), taken.take(request("/hangs/7"), BODY)]

        assert seconds == [0, HANG_SECONDS]
        lines = [line.split() for line in taken.lines.getvalue().splitlines()]
        assert [line[1:] for line in lines] == [
            ["/7", "msg_p5jXN8AQM9LWM0D4loKWxJek", "0"],
            ["/hangs/7", "msg_p5jXN8AQM9LWM0D4loKWxJek", "0"],
        ]


class TestReceiving:
    WHOLE = b"POST /1 HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"

    @pytest.mark.parametrize("cut", [0, 10, 36, 41])
    def test_it_waits_for_what_is_not_complete(self, cut):
        buffer = bytearray(self.WHOLE[:cut])

        assert receiving.cut_request(buffer) is None
        assert buffer == self.WHOLE[:cut]

    def test_it_takes_requests_off_one_by_one(self):
        buffer = bytearray(self.WHOLE * 2 + b"POST")

        first, second = receiving.cut_request(buffer), receiving.cut_request(buffer)

        assert first == second == (b"POST /1 HTTP/1.1\r\nContent-Length: 4", b"body")
        assert buffer == b"POST"

    def test_it_reads_headers_whatever_their_case(self):
        head = b"POST /a/b HTTP/1.1\r\nWebhook-ID:  evt_1 \r\nX: y"

        assert receiving.target(head) == "/a/b"
        assert receiving.header(head, "webhook-id") == "evt_1"
        assert receiving.header(head, "webhook-signature") == ""

    def test_it_keeps_a_connection_and_answers_each_request_at_once(self):
        heard, bodies, _ = asyncio.run(_conversation(self.WHOLE, hold=0))

        assert heard == receiving.ANSWER * 2
        assert bodies == [b"body", b"body"]

    def test_it_holds_an_answer_as_long_as_it_is_told(self):
        heard, _, seconds = asyncio.run(_conversation(self.WHOLE, hold=0.1))

        assert heard == receiving.ANSWER * 2
        assert seconds >= 0.1


async def _conversation(whole, *, hold):
    bodies, loop = [], asyncio.get_running_loop()

    def take(head, body):
        bodies.append(body)
        return hold

    server = await receiving.listen(take)
    reader, writer = await asyncio.open_connection("127.0.0.1", receiving.port_of(server))
    begun = loop.time()
    writer.write(whole[:20])
    await writer.drain()
    writer.write(whole[20:] + whole)
    heard = await reader.readexactly(2 * len(receiving.ANSWER))
    seconds = loop.time() - begun
    writer.close()
    await writer.wait_closed()
    server.close()
    return heard, bodies, seconds
