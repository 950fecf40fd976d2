"""HTTP with the standard library alone. Whatever a server answers, a failure is a Fault: one line.

The same file lies in the ComfyUI node and in the Blender add-on, because each is installed alone.
"""

import http.client
import ipaddress
import json
import re
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

MOST_JSON_BYTES = 16 << 20
SILENCE_SECONDS = 60            # a server may be silent for so long in an answer
LONGEST_JSON_SECONDS = 300      # a JSON answer must have come in this time, however slowly it drips
LONGEST_PAUSE = 30              # seconds that a server may ask to wait before the next try
LONGEST_OWN_PAUSE = 2           # seconds between two tries if the server names none
NOT_READY_PAUSE = 1             # seconds that a server gets which is not ready and does not say how long
TRIES = 4
LONGEST_LINE = 400


class Fault(Exception):
    """An expected failure. Its text is one line that says what to do."""

    def __init__(self, text):
        super().__init__(one_line(text))


class Cancelled(Exception):
    """The user stopped the work."""


class Broken(Exception):
    """The connection failed in a way that may be gone at the next try."""


class Refused(Fault):
    """The server refused a request."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Busy(Fault):
    """The server may take the request later."""

    def __init__(self, text, seconds):
        super().__init__(text)
        self.seconds = seconds


def one_line(text):
    line = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", str(text)).strip()
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "..."


def is_this_machine(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_address(address, key):
    """The address without a last slash. A key goes over http:// to this machine alone."""
    try:
        parts = urllib.parse.urlsplit(address.strip())
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_right = urllib.parse.urlsplit(""), False
    if (parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right or parts.path not in ("", "/")
            or parts.query or parts.fragment or parts.username is not None or re.search(r"[^\x21-\x7e]", address.strip())):
        raise Fault(f"server: must be http://HOST:PORT or https://HOST:PORT, but is '{address}'")
    if re.search(r"[^\w.~+/=-]", key, re.ASCII) or len(key) > 4096:
        raise Fault("key: must be a key as `rewas keys create` prints it, without spaces")
    if key and parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise Fault(f"server: must be https:// when a key is sent to another machine, but is '{address}'")
    return f"{parts.scheme}://{parts.netloc}"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would send the key to whoever is named there."""

    def redirect_request(self, *arguments):
        return None


class Transport:
    """Requests to one server.

    told(text, part) is called with what happens now; part is from 0 to 1.
    stop() is called often. It raises to end the work.
    """

    def __init__(self, server, key="", told=lambda text, part: None, stop=lambda: None):
        key = key.strip()
        self.server, self.key, self.told, self.stop = check_address(server, key), key, told, stop
        self.cancelling = False                                              # the last request is not stopped
        self.has_answered = False                                            # so a server that refuses connections is starting again
        handlers = [NoRedirects()]
        if is_this_machine(urllib.parse.urlsplit(self.server).hostname):
            handlers.append(urllib.request.ProxyHandler({}))
        self.opener = urllib.request.build_opener(*handlers)

    def _exchange(self, method, path, body, headers, take, silence):
        """One try. take(answer) reads the answer."""
        request = urllib.request.Request(self.server + path, body, dict(headers), method=method)
        request.add_header("Accept", "application/json, */*")
        if self.key:
            request.add_unredirected_header("Authorization", f"Bearer {self.key}")
        try:
            with self.opener.open(request, timeout=silence) as answer:
                self.has_answered = True
                return take(answer)
        except urllib.error.HTTPError as refused:
            self.has_answered = True
            with refused:
                self._refuse(refused)
        except urllib.error.URLError as failure:
            self._fail(failure.reason)
        except (OSError, http.client.HTTPException) as failure:
            self._fail(failure)

    def _fail(self, reason):
        if isinstance(reason, ConnectionRefusedError):
            kind = Broken if self.has_answered else Fault
            raise kind(f"server: nothing answers at {self.server}; is `rewas serve` running?") from None
        if isinstance(reason, socket.gaierror):
            raise Fault(f"server: there is no such host: {self.server}") from None
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Fault(f"server: its certificate is not trusted: {reason.verify_message}") from None
        if isinstance(reason, (TimeoutError, socket.timeout)):
            raise Broken("the server did not answer in time") from None
        if isinstance(reason, http.client.RemoteDisconnected):
            raise Broken("the server closed the connection without an answer") from None
        if isinstance(reason, http.client.IncompleteRead):
            raise Broken("the answer was cut off") from None
        if isinstance(reason, http.client.HTTPException):
            raise Fault(f"what answers at {self.server} does not speak HTTP") from None
        raise Broken(f"the connection broke: {reason}") from None

    def _refuse(self, refused):
        status, told = refused.code, {}
        try:
            told = json.loads(refused.read(1 << 20))
        except (ValueError, OSError, http.client.HTTPException, RecursionError):
            pass
        detail = told.get("detail") if isinstance(told, dict) else None
        detail = detail if isinstance(detail, str) and detail else None
        if status in (429, 503):
            wait = refused.headers.get("Retry-After", "")
            wait = int(wait) if re.fullmatch(r"\d{1,6}", wait) else 0
            again = f", try again in {wait} s" if wait else ""
            line = ("the server has too much to do for this caller" if status == 429 else "the server is not ready") + again
            raise Busy(line + (f": {detail}" if detail else ""), wait or (NOT_READY_PAUSE if status == 503 else 0))
        if status == 401:
            raise Refused(status, "the server wants a key, or does not know this one: set the key" + (f" ({detail})" if detail else ""))
        if status == 403:
            raise Refused(status, "the key has no right to this" + (f": {detail}" if detail else ""))
        if 300 <= status < 400:
            raise Refused(status, f"{self.server} redirects to another address: give that one as the server")
        if detail is None:
            raise Refused(status, f"the server answered with HTTP status {status}; is {self.server} a Rewas server?")
        raise Refused(status, f"{detail} (HTTP {status})")

    def send(self, method, path, body=None, headers=None, take=None, tries=TRIES, silence=SILENCE_SECONDS, patience=0):
        """Sends a request that is safe to repeat: so many times, and on until `patience` seconds after its first failure."""
        tried, end = 0, None
        while True:
            self.look()
            tried += 1
            try:
                return self._exchange(method, path, body, headers or {}, take, silence)
            except (Broken, Busy) as failure:
                end = end or time.monotonic() + patience
                is_last = tried >= tries and time.monotonic() >= end
                if isinstance(failure, Busy):
                    if is_last or not 0 < failure.seconds <= LONGEST_PAUSE:
                        raise
                    seconds = failure.seconds
                else:
                    if is_last:
                        raise Fault(failure) from None
                    seconds = min(tried / 2, LONGEST_OWN_PAUSE)
                self.pause(seconds)

    def pause(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.look()
            time.sleep(min(0.1, seconds))

    def look(self):
        """Whether the user has stopped the work."""
        if not self.cancelling:
            self.stop()

    def json(self, method, path, value=None, part=None, headers=None, seconds=LONGEST_JSON_SECONDS, **options):
        headers, body = dict(headers or {}), part
        if value is not None:
            body, headers["Content-Type"] = json.dumps(value).encode(), "application/json"
        elif part is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif method != "GET":
            body = b""

        def take(answer):
            return self._object(path, b"".join(self.parts(answer, MOST_JSON_BYTES, seconds)))
        silence = seconds if seconds > LONGEST_JSON_SECONDS else min(seconds, SILENCE_SECONDS)
        return self.send(method, path, body, headers, take, silence=silence, **options)

    def parts(self, answer, most, seconds=None):
        """The body in parts, bounded in bytes and time."""
        end, count = time.monotonic() + seconds if seconds else None, 0
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > most:
            raise Fault(f"the answer is larger than {most >> 20} MiB")
        while part := answer.read1(1 << 18):
            count += len(part)
            if count > most:
                raise Fault(f"the answer is larger than {most >> 20} MiB")
            if end and time.monotonic() > end:
                raise Fault("the server did not answer in time")
            self.look()
            yield part
        if length.isdecimal() and count < int(length):
            raise Broken("the answer was cut off")

    def _object(self, path, body):
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            route = path.split("?")[0]
            raise Fault(f"the answer to {route} is not the JSON of a Rewas server; is {self.server} the right address?")
        return value
