"""A client of the web API with the standard library alone. Whatever a server answers, a failure is a Fault: one line.

The same file lies in the ComfyUI node and in the Blender add-on, because each is installed alone.
"""

import http.client
import ipaddress
import json
import os
import re
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

PART_BYTES = 4 << 20
MOST_JSON_BYTES = 16 << 20
MOST_FILE_BYTES = 2 << 30
SILENCE_SECONDS = 60            # a server may be silent for so long in an answer
LONGEST_JSON_SECONDS = 300      # a JSON answer must have come in this time, however slowly it drips
LONGEST_ANALYSIS_SECONDS = 1800
LONGEST_PAUSE = 30              # seconds that a server may ask to wait before the next try
TRIES = 4
BETWEEN_LOOKS = 0.5
LONGEST_LINE = 400
MOST_CANDIDATES = 8
MOST_VALUES = 8_640_000
STATES = ("queued", "running", "succeeded", "failed", "cancelled")
ENDED = ("succeeded", "failed", "cancelled")


class Fault(Exception):
    """An expected failure. Its text is one line that says what to do."""

    def __init__(self, text):
        super().__init__(one_line(text))


class Cancelled(Exception):
    """The user stopped the work."""


class Broken(Exception):
    """The connection failed in a way that may be gone at the next try."""


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


class Client:
    """Routes of the web API as methods.

    told(text, part) is called with what happens now; part is from 0 to 1.
    stop() is called often. It raises to end the work.
    """

    def __init__(self, server, key="", told=lambda text, part: None, stop=lambda: None):
        key = key.strip()
        self.server, self.key, self.told, self.stop = check_address(server, key), key, told, stop
        self.cancelling = False                                              # the last request is not stopped
        handlers = [NoRedirects()]
        if is_this_machine(urllib.parse.urlsplit(self.server).hostname):
            handlers.append(urllib.request.ProxyHandler({}))
        self.opener = urllib.request.build_opener(*handlers)

    # The transport

    def _exchange(self, method, path, body, headers, take, silence):
        """One try. take(answer) reads the answer."""
        request = urllib.request.Request(self.server + path, body, dict(headers), method=method)
        request.add_header("Accept", "application/json, */*")
        if self.key:
            request.add_unredirected_header("Authorization", f"Bearer {self.key}")
        try:
            with self.opener.open(request, timeout=silence) as answer:
                return take(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                self._refuse(refused)
        except urllib.error.URLError as failure:
            self._fail(failure.reason)
        except (OSError, http.client.HTTPException) as failure:
            self._fail(failure)

    def _fail(self, reason):
        if isinstance(reason, ConnectionRefusedError):
            raise Fault(f"server: nothing answers at {self.server}; is `rewas serve` running?") from None
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
            raise Busy(line + (f": {detail}" if detail else ""), wait)
        if status == 401:
            raise Refused(status, "the server wants a key, or does not know this one: set the key" + (f" ({detail})" if detail else ""))
        if status == 403:
            raise Refused(status, "the key has no right to this" + (f": {detail}" if detail else ""))
        if 300 <= status < 400:
            raise Refused(status, f"{self.server} redirects to another address: give that one as the server")
        if detail is None:
            raise Refused(status, f"the server answered with HTTP status {status}; is {self.server} a Rewas server?")
        raise Refused(status, f"{detail} (HTTP {status})")

    def _send(self, method, path, body=None, headers=None, take=None, tries=TRIES, silence=SILENCE_SECONDS):
        """Sends a request that is safe to repeat."""
        for left in reversed(range(tries)):
            self._look()
            try:
                return self._exchange(method, path, body, headers or {}, take, silence)
            except Broken as failure:
                if left == 0:
                    raise Fault(failure) from None
                self._pause((tries - left) / 2)
            except Busy as busy:
                if left == 0 or not 0 < busy.seconds <= LONGEST_PAUSE:
                    raise
                self._pause(busy.seconds)

    def _pause(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._look()
            time.sleep(min(0.1, seconds))

    def _look(self):
        """Whether the user has stopped the work."""
        if not self.cancelling:
            self.stop()

    def _json(self, method, path, value=None, part=None, headers=None, seconds=LONGEST_JSON_SECONDS, **options):
        headers, body = dict(headers or {}), part
        if value is not None:
            body, headers["Content-Type"] = json.dumps(value).encode(), "application/json"
        elif part is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif method != "GET":
            body = b""

        def take(answer):
            return self._object(path, b"".join(self._parts(answer, MOST_JSON_BYTES, seconds)))
        silence = seconds if seconds > LONGEST_JSON_SECONDS else SILENCE_SECONDS
        return self._send(method, path, body, headers, take, silence=silence, **options)

    def _parts(self, answer, most, seconds=None):
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
            self._look()
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

    # The routes

    def hello(self):
        """That the server is a Rewas server that serves."""
        _text("/v1/health", self._json("GET", "/v1/health", seconds=20), "version")

    def upload(self, path, name=None):
        """Sends a file in parts. A part that is lost on the way is sent again from where it stopped. Gives the id."""
        name = name or os.path.basename(path)
        try:
            file = open(path, "rb")
        except OSError as failure:
            raise Fault(f"the file cannot be read: {failure.strerror}: {path}") from None
        with file:
            size = os.fstat(file.fileno()).st_size
            if size == 0:
                raise Fault(f"the file is empty: {path}")
            shown = name.encode("utf-8", "replace").decode()[:200]
            sent = self._json("POST", "/v1/files", {"bytes": size, "name": shown}, headers=_key())
            film = _id("/v1/files", sent)
            received, still = _number("/v1/files", sent, "received", 0, size), 0
            while received < size:
                self.told(f"sending {shown}: {100 * received // size} %", received / size)
                file.seek(received)
                part = file.read(PART_BYTES)
                if not part:
                    raise Fault(f"the file has become shorter while it was read: {path}")
                place = {"Content-Range": f"bytes {received}-{received + len(part) - 1}/{size}"}
                try:
                    answer = self._json("PUT", f"/v1/files/{film}", part=part, headers=place)
                except Refused as refused:
                    if refused.status != 409:
                        raise
                    # The answer to this part was lost, and it came again.
                    answer = self._json("GET", f"/v1/files/{film}/status")
                now = _number("/v1/files", answer, "received", 0, size)
                still = 0 if now > received else still + 1
                if still > 3:
                    raise Fault(f"the server does not take the file: {shown}")
                received = now
        return film

    def analyse(self, film):
        """Length of the film in seconds, and its energy: 100 values a second, natural-log mel magnitude."""
        route = "/v1/files/ID/analysis"
        self.told("looking at the picture", 0)
        seen = self._json("POST", f"/v1/files/{film}/analysis", seconds=LONGEST_ANALYSIS_SECONDS)
        curve = _list(route, seen, "curve", MOST_VALUES)
        if not curve or not all(_is_number(value, -12, 3) for value in curve):
            raise _wrong(route, "curve")
        return _number(route, seen, "seconds", 0, MOST_VALUES / 100), curve

    def start(self, **order):
        """Starts a sound: prompt, file or curve, and any option of the API by its name with _ for -."""
        return self._sound(self._json("POST", "/v1/sounds", order, headers=_key()))

    def wait(self, sound):
        """The sound when it has ended well. It is stopped at the server if the work is stopped here."""
        name = sound["id"]
        try:
            while sound["status"] not in ENDED:
                before = sound["before"]
                self.told(f"waiting for {before} sounds before" if before else "making sound", sound["part"])
                self._pause(BETWEEN_LOOKS)
                sound = self._sound(self._json("GET", f"/v1/sounds/{name}"))
        except Fault:
            raise
        except BaseException:
            self.cancel(name)
            raise
        if sound["status"] == "failed":
            raise Fault(f"the server could not make the sound: {sound['error']}")
        if sound["status"] == "cancelled":
            raise Fault("the sound was cancelled at the server")
        return sound

    def cancel(self, name):
        self.cancelling = True
        try:
            self._json("POST", f"/v1/sounds/{name}/cancel", tries=1, seconds=10)
        except Fault:
            pass                                                             # it ends by itself
        finally:
            self.cancelling = False

    def download(self, name, rank, file, most=MOST_FILE_BYTES, form="format=wav"):
        """Writes a candidate into an open file."""
        start = file.tell()

        def take(answer):
            file.seek(start)
            file.truncate()
            for part in self._parts(answer, most):
                file.write(part)
        try:
            self._send("GET", f"/v1/sounds/{name}/content?{form}&candidate={rank}", take=take)
        except OSError as failure:
            raise Fault(f"the sound cannot be written: {failure.strerror}") from None

    def _sound(self, answer):
        """The fields of a sound that are used, each checked."""
        route = "/v1/sounds"
        sound = {"id": _id(route, answer), "status": _text(route, answer, "status"), "part": 0.0, "before": 0}
        if sound["status"] not in STATES:
            raise _wrong(route, "status")
        progress = answer.get("progress")
        if isinstance(progress, dict):
            windows, done, step, steps, before = (
                progress[name] if _is_number(progress.get(name), 0, 1e9) else 0
                for name in ("windows", "windows_done", "step", "steps", "queue_position"))
            if windows:
                sound["part"] = min(1.0, (done + (step / steps if steps else 0)) / windows)
            sound["before"] = int(before)
        if sound["status"] == "failed":
            error = answer.get("error")
            message = error.get("message") if isinstance(error, dict) else None
            sound["error"] = message if isinstance(message, str) else "no reason was given"
        if sound["status"] == "succeeded":
            candidates = _list(route, answer, "candidates", MOST_CANDIDATES)
            if not candidates or not all(isinstance(candidate, dict) for candidate in candidates):
                raise _wrong(route, "candidates")
            sound["scores"] = [candidate["score"] if _is_number(candidate.get("score"), -1e9, 1e9) else None for candidate in candidates]
        return sound


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


def curve_slice(curve, start, seconds):
    """The values that belong to a range of a film, times in seconds."""
    first = round(start * 100)
    count = max(1, -int(-(seconds * 100 - 1e-6) // 1))
    return [curve[max(0, min(first + i, len(curve) - 1))] for i in range(count)]


def _key():
    return {"Idempotency-Key": uuid.uuid4().hex}


def _wrong(route, name):
    return Fault(f"the server's answer to {route} has no right '{name}'; is it a Rewas server of this version?")


def _text(route, answer, name):
    value = answer.get(name)
    if not isinstance(value, str):
        raise _wrong(route, name)
    return value


def _id(route, answer):
    """Ids become parts of addresses."""
    value = answer.get("id")
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,200}", value):
        raise _wrong(route, "id")
    return value


def _is_number(value, least, most):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _number(route, answer, name, least, most):
    value = answer.get(name)
    if not _is_number(value, least, most):
        raise _wrong(route, name)
    return value


def _list(route, answer, name, most):
    value = answer.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise _wrong(route, name)
    return value
