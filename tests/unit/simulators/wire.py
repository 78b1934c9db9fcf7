"""A client for the simulators: one call, one answer."""

import http.client
import json
from urllib.parse import urlsplit


def call(method, url, document=None, *, token="", headers=None):
    """Status and body of one call; raises what http.client raises when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    body = None if document is None else json.dumps(document).encode()
    told = {"Authorization": f"Token {token}"} if token else {}
    try:
        target = parts._replace(scheme="", netloc="").geturl()
        connection.request(method, target, body, told | (headers or {}))
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    return answer.status, json.loads(content) if content else None
