"""What the web server of the Procfile hands to the application, over a real socket."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

APPLICATION = """
import json

def application(environ, start_response):
    told = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
    body = environ["wsgi.input"].read().decode()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"headers": told, "body": body}).encode()]
"""


@pytest.fixture
def port(tmp_path):
    (tmp_path / "echo.py").write_text(APPLICATION)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number = probe.getsockname()[1]
    granian = Path(sys.executable).parent / "granian"
    words = ["--interface", "wsgi", "--http", "1", "--no-ws", "--blocking-threads", "2"]
    server = subprocess.Popen(
        [granian, *words, "--port", str(number), "--log-level", "error", "echo:application"],
        cwd=tmp_path,
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", number)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    yield number
    server.terminate()
    server.wait(10)
    shutil.rmtree(tmp_path)


def ask(port, *, body=None, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/", body=body, headers=headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def test_headers_with_underscores_arrive(port):
    answer = ask(port, headers={"tenant_id": "2001", "api_key": "secret"})

    assert answer["headers"]["HTTP_TENANT_ID"] == "2001"
    assert answer["headers"]["HTTP_API_KEY"] == "secret"


def test_the_body_of_a_get_arrives(port):
    answer = ask(port, body='{"a": 1}', headers={})

    assert answer["body"] == '{"a": 1}'
