"""The one outbound HTTP client: whoever calls out of this product calls through here.

URLs come from tenants, receivers from anywhere, so neither is trusted. A URL is read by one strict
parser; every address its name resolves to is judged, at registration (`check_url`) and again for
each connection, and only judged addresses are dialled. No redirects, no cookies, no proxies of the
environment, nothing is decompressed. A deadline covers a whole exchange and the answer's body is
read up to a cap.

With `OMS_EGRESS_PROXY` set, calls that may not reach private networks go through that CONNECT
proxy, which then is the judge; here their names are judged at registration only.
"""

from oms.kernel.http.messages import Answer, HeaderRefused, HttpError, HttpFailure, Request
from oms.kernel.http.names import Resolver
from oms.kernel.http.opening import fetch, open_client
from oms.kernel.http.registration import check_url
from oms.kernel.http.urls import UrlRefused

__all__ = [
    "Answer",
    "HeaderRefused",
    "HttpError",
    "HttpFailure",
    "Request",
    "Resolver",
    "UrlRefused",
    "check_url",
    "fetch",
    "open_client",
]
