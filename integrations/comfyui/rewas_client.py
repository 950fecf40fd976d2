"""A client of the web API. Every answer is checked: a server is a stranger.

The same file lies in the ComfyUI node and in the Blender add-on, because each is installed alone.
"""

import os
import re
import uuid

from .rewas_http import Fault, Refused, Transport

PART_BYTES = 4 << 20
MOST_FILE_BYTES = 2 << 30
LONGEST_ANALYSIS_SECONDS = 1800
BETWEEN_LOOKS = 0.5
PATIENCE = 120                  # seconds that a server may be away, for example to start again, while it has a sound of ours
MOST_CANDIDATES = 8
MOST_VALUES = 8_640_000
STATES = ("queued", "running", "succeeded", "failed", "cancelled")
ENDED = ("succeeded", "failed", "cancelled")


class Client(Transport):
    """Routes of the web API as methods."""

    def hello(self):
        """That the server is a Rewas server that serves."""
        _text("/v1/health", self.json("GET", "/v1/health", seconds=20), "version")

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
            sent = self.json("POST", "/v1/files", {"bytes": size, "name": shown}, headers=_key())
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
                    answer = self.json("PUT", f"/v1/files/{film}", part=part, headers=place)
                except Refused as refused:
                    if refused.status != 409:
                        raise
                    # The answer to this part was lost, and it came again.
                    answer = self.json("GET", f"/v1/files/{film}/status")
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
        seen = self.json("POST", f"/v1/files/{film}/analysis", seconds=LONGEST_ANALYSIS_SECONDS)
        curve = _list(route, seen, "curve", MOST_VALUES)
        if not curve or not all(_is_number(value, -12, 3) for value in curve):
            raise _wrong(route, "curve")
        return _number(route, seen, "seconds", 0, MOST_VALUES / 100), curve

    def start(self, **order):
        """Starts a sound: prompt, file or curve, and any option of the API by its name with _ for -."""
        return self._sound(self.json("POST", "/v1/sounds", order, headers=_key()))

    def wait(self, sound):
        """The sound when it has ended well. It is stopped at the server if the work is stopped here."""
        name = sound["id"]
        try:
            while sound["status"] not in ENDED:
                before = sound["before"]
                self.told(f"waiting for {before} sounds before" if before else "making sound", sound["part"])
                self.pause(BETWEEN_LOOKS)
                sound = self._sound(self.json("GET", f"/v1/sounds/{name}", patience=PATIENCE))
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
            self.json("POST", f"/v1/sounds/{name}/cancel", tries=1, seconds=10)
        except Fault:
            pass                                                             # it ends by itself
        finally:
            self.cancelling = False

    def download(self, name, rank, file, most=MOST_FILE_BYTES, form="format=wav"):
        """Writes a candidate into an open file."""
        start = file.tell()

        def on_disk(change, *values):
            try:
                change(*values)
            except OSError as failure:                                       # no failure of the connection, so it is not tried again
                raise Fault(f"the sound cannot be written: {failure.strerror}") from None

        def take(answer):
            on_disk(file.seek, start)
            on_disk(file.truncate)
            for part in self.parts(answer, most):
                on_disk(file.write, part)
        self.send("GET", f"/v1/sounds/{name}/content?{form}&candidate={rank}", take=take, patience=PATIENCE)

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
