import http.client

from bench.floors.poster import prepare
from bench.sink import Sink


def test_the_sink_counts_what_the_floor_posts():
    sink = Sink()
    sink.start()

    result = prepare({"port": sink.port, "posts": 130, "secret": "s"})()

    assert sink.told() == {"port": sink.port, "received": 130}
    assert result["per_second"] > 0


def test_a_connection_is_kept_alive():
    sink = Sink()
    sink.start()
    connection = http.client.HTTPConnection("127.0.0.1", sink.port, timeout=5)

    statuses = []
    for _ in range(2):
        connection.request("POST", "/1", b"{}")
        answer = connection.getresponse()
        statuses.append((answer.status, answer.read()))

    assert statuses == [(204, b""), (204, b"")]
    assert connection.sock is not None
    assert sink.received == 2
    connection.close()
