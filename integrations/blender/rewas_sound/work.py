"""The work of one sound in a thread. Blender's data is not touched here."""

import os
import re
import threading

from .rewas_client import Client, curve_slice
from .rewas_http import Cancelled, Fault, one_line


class Work:
    def __init__(self, server, key, folder, film, order):
        self.server, self.key, self.folder, self.film, self.order = server, key, folder, film, order
        self.text, self.part = "looking for the server", 0.0
        self.sounds, self.failure, self.is_cancelled = None, None, False
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, name="rewas", daemon=True)

    def start(self):
        self.thread.start()

    def cancel(self):
        self.stopping.set()

    @property
    def has_ended(self):
        return not self.thread.is_alive()

    def _told(self, text, part):
        self.text, self.part = text, part

    def _stop(self):
        if self.stopping.is_set():
            raise Cancelled

    def _run(self):
        try:
            self.sounds = self._make(Client(self.server, self.key, self._told, self._stop))
        except Cancelled:
            self.is_cancelled = True
        except Fault as fault:
            self.failure = str(fault)
        except Exception as bug:
            self.failure = one_line(f"internal error, please report it: {type(bug).__name__}: {bug}")

    def _make(self, client):
        film, order = self.film, {**self.order, "format": "wav", "sample_format": "pcm24"}
        client.hello()
        file = client.upload(film.path)
        seconds, curve = client.analyse(file)
        film.check_speed(seconds)
        # A part of a film is ordered by its energy, so the film need not be cut.
        if film.is_whole:
            order["file"] = file
        else:
            order["curve"] = curve_slice(curve, film.source_start, film.seconds)
        sound = client.wait(client.start(**order))
        return [self._fetch(client, sound, rank, score) for rank, score in enumerate(sound["scores"])]

    def _fetch(self, client, sound, rank, score):
        self._told(f"fetching candidate {rank + 1} of {len(sound['scores'])}", rank / len(sound["scores"]))
        words = re.sub(r"[^a-z0-9]+", "-", self.order["prompt"].lower()).strip("-")[:40].strip("-")
        path = os.path.join(self.folder, f"{words or 'sound'}-{sound['id'][:12]}-{rank + 1}.wav")
        part = path + ".part"
        try:
            os.makedirs(self.folder, exist_ok=True)
            try:
                with open(part, "wb") as file:
                    client.download(sound["id"], rank, file)
                os.replace(part, path)
            finally:
                if os.path.exists(part):
                    os.remove(part)
        except OSError as failure:
            raise Fault(f"the sound cannot be written to {self.folder}: {failure.strerror}") from None
        name = f"candidate {rank + 1}" + (f" ({score:.2f})" if score is not None else "")
        return f"{self.order['prompt'][:30]}: {name}", path
