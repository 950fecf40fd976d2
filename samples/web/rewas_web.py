"""A client of the web API in one file. It needs Python 3.9 or later, and no package.

    python3 rewas_web.py http://127.0.0.1:5180 film.mp4 "a hammer striking wood" film-with-sound.mp4

The key of a server that checks its callers is read from REWAS_API_KEY.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request

PART_BYTES = 4 << 20


class Problem(Exception):
    """The server refused a request. The message is one line."""

    def __init__(self, status, body):
        super().__init__(body.get("detail", f"HTTP {status}"))
        self.status, self.code, self.field = status, body.get("code"), body.get("field")
        self.retry_after = (body.get("retry_after_ms") or 0) / 1000


class Rewas:
    """Routes of the web API as methods. Answers are the JSON of the server."""

    def __init__(self, address, key=None):
        self.address, self.key = address.rstrip("/"), key

    def request(self, method, path, body=None, headers=None):
        """Opens a request. The caller closes the answer."""
        headers = dict(headers or {})
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if body is not None and not isinstance(body, (bytes, memoryview)):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        try:
            return urllib.request.urlopen(urllib.request.Request(self.address + path, body, headers, method=method))
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read()
            try:
                told = json.loads(text)
            except ValueError:
                told = {}
            raise Problem(refused.code, told) from None

    def json(self, method, path, body=None, headers=None):
        with self.request(method, path, body, headers) as answer:
            return json.load(answer)

    def upload(self, path):
        """Sends a file in parts. A part that is lost on the way is sent again from where it stopped."""
        size, digest = os.path.getsize(path), hashlib.sha256()
        with open(path, "rb") as film:
            while part := film.read(PART_BYTES):
                digest.update(part)
            file = self.json("POST", "/v1/files",
                             {"bytes": size, "name": os.path.basename(path), "sha256": digest.hexdigest()})
            failures = 0
            while not file["complete"]:
                film.seek(file["received"])
                part = film.read(PART_BYTES)
                first = file["received"]
                try:
                    file = self.json("PUT", f"/v1/files/{file['id']}", part,
                                     {"Content-Range": f"bytes {first}-{first + len(part) - 1}/{size}"})
                    failures = 0
                except (urllib.error.URLError, ConnectionError):
                    failures += 1
                    if failures > 10:
                        raise
                    time.sleep(min(30, 2 ** failures / 10))
                    file = self.json("GET", f"/v1/files/{file['id']}/status")
        return file["id"]

    def analyse(self, file):
        return self.json("POST", f"/v1/files/{file}/analysis")

    def check(self, file, prompt):
        return self.json("POST", "/v1/checks", {"file": file, "prompt": prompt})

    def estimate(self, **order):
        return self.json("POST", "/v1/estimate", order)

    def start(self, **order):
        """Starts a sound: file, prompt and any option by its name, with "_" for "-" where Python needs it."""
        return self.json("POST", "/v1/sounds", order, {"Idempotency-Key": os.urandom(16).hex()})

    def edit(self, sound, edits, **options):
        return self.json("POST", f"/v1/sounds/{sound}/edits", {"edits": edits, **options})

    def cancel(self, sound):
        return self.json("POST", f"/v1/sounds/{sound}/cancel")

    def events(self, sound):
        """Yields (type, data) until the sound has ended. It connects again where it was cut off."""
        last, failures = None, 0
        while True:
            try:
                with self.request("GET", f"/v1/sounds/{sound}/events",
                                  headers={"Last-Event-ID": last} if last else None) as stream:
                    kind, data = "message", []
                    for line in stream:
                        name, _, value = line.decode().rstrip("\r\n").partition(":")
                        value = value[1:] if value.startswith(" ") else value
                        if name == "event":
                            kind = value
                        elif name == "data":
                            data.append(value)
                        elif name == "id":
                            last = value
                        elif not name and data:
                            failures = 0
                            yield kind, json.loads("\n".join(data))
                            if kind == "done":
                                return
                            kind, data = "message", []
            except (urllib.error.URLError, ConnectionError):
                pass
            failures += 1
            if failures > 10:
                raise ConnectionError("the server does not answer")
            time.sleep(min(30, 2 ** failures / 10))

    def wait(self, sound):
        """The sound when it has ended."""
        for kind, data in self.events(sound):
            if kind == "done":
                return data

    def download(self, sound, path, **choice):
        """Writes the file: format="wav", candidate=1, stem="environment"."""
        query = "&".join(f"{name}={value}" for name, value in choice.items())
        with self.request("GET", f"/v1/sounds/{sound}/content?{query}") as answer, open(path, "wb") as file:
            while part := answer.read(PART_BYTES):
                file.write(part)


def main(address, film, prompt, output):
    rewas = Rewas(address, os.environ.get("REWAS_API_KEY"))
    file = rewas.upload(film)
    report = rewas.check(file, prompt)
    print(f"{report['caption']} The prompt is {report['verdict']}.", file=sys.stderr)
    sound = rewas.start(file=file, prompt=prompt)
    for kind, data in rewas.events(sound["id"]):
        if kind == "progress" and data["windows"]:
            print(f"window {data['windows_done'] + 1} of {data['windows']}, step {data['step']} of {data['steps']}", file=sys.stderr)
        elif kind == "done":
            sound = data
    if sound["status"] != "succeeded":
        raise SystemExit(f"{sound['status']}: {(sound.get('error') or {}).get('message', '')}")
    rewas.download(sound["id"], output)


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    try:
        main(*sys.argv[1:])
    except Problem as problem:
        raise SystemExit(str(problem)) from None
