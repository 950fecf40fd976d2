"""Strips of the Video Sequence Editor under the names of each Blender from 3.4 on."""

import os
from dataclasses import dataclass

import bpy

from .rewas_http import Fault

MOST_CHANNELS = 128
SHORTEST = 0.1                  # seconds
# A value that was renamed, by its names from 5.1 on and before.
LEFT, SOURCE_LEFT = ("left_handle", "frame_final_start"), ("content_start", "frame_start")
FRAMES, SOURCE_FRAMES = ("duration", "frame_final_duration"), ("content_duration", "frame_duration")
HIDDEN = ("content_trim_start", "animation_offset_start")


def value(strip, names, usual=None):
    for name in names:
        if hasattr(strip, name):
            return getattr(strip, name)
    return usual


def scene_of(context):
    """The scene that the editor shows. From 5.0 on it need not be the scene of the window."""
    return getattr(context, "sequencer_scene", None) or context.scene


def strips_of(editor):
    """The strips of the top level: `strips` from 4.4 on, `sequences` until 4.5."""
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def frame_rate(scene):
    return scene.render.fps / scene.render.fps_base


@dataclass(frozen=True)
class Film:
    """A movie strip as it was when the work began. Times in seconds, frames of the scene."""

    scene: str
    name: str
    path: str
    channel: int
    first_frame: int
    frames: int
    rate: float
    source_start: float
    source_seconds: float

    @property
    def seconds(self):
        return self.frames / self.rate

    @property
    def is_whole(self):
        return self.source_start == 0 and abs(self.seconds - self.source_seconds) < 0.5 / self.rate

    def check_speed(self, seconds):
        """A strip that plays at another speed is not as long as its file."""
        if abs(seconds - self.source_seconds) > 0.05 + 1.5 / self.rate:
            raise Fault(
                f"strip '{self.name}': must play at its own speed, but its {seconds:.2f} s take {self.source_seconds:.2f} s: "
                f"set the scene's frame rate to the film's, and remove changes of speed")


def active_film(context):
    scene = scene_of(context)
    editor = scene.sequence_editor if scene else None
    strip = editor.active_strip if editor else None
    if strip is None or strip.type != "MOVIE":
        raise Fault("select a movie strip: no movie strip is the active strip")
    path = bpy.path.abspath(strip.filepath)
    if not os.path.isfile(path):
        raise Fault(f"strip '{strip.name}': its file is not there: {path}")
    rate = frame_rate(scene)
    film = Film(
        scene=scene.name, name=strip.name, path=path, channel=strip.channel, first_frame=int(value(strip, LEFT)),
        frames=int(value(strip, FRAMES)), rate=rate,
        source_start=max(0.0, (value(strip, LEFT) - value(strip, SOURCE_LEFT) + value(strip, HIDDEN, 0)) / rate),
        source_seconds=(value(strip, SOURCE_FRAMES) + value(strip, HIDDEN, 0)) / rate)
    if film.seconds < SHORTEST:
        raise Fault(f"strip '{strip.name}': must be {SHORTEST} s or longer, but is {film.seconds:.3f} s")
    return film


def free_channel(strips, above, first, last):
    """The lowest channel above one in which frames are free."""
    taken = {strip.channel for strip in strips if value(strip, LEFT) < last and value(strip, LEFT) + value(strip, FRAMES) > first}
    for channel in range(above + 1, MOST_CHANNELS + 1):
        if channel not in taken:
            return channel
    raise Fault("there is no free channel above the strip")


def add_sounds(film, sounds):
    """Adds sounds above a film, the first heard and the others muted. sounds: (name, path) each."""
    scene = bpy.data.scenes.get(film.scene)
    if scene is None:
        raise Fault(f"the scene '{film.scene}' is no longer there; the sounds are in {os.path.dirname(sounds[0][1])}")
    strips, added, channel = strips_of(scene.sequence_editor_create()), [], film.channel
    for i, (name, path) in enumerate(sounds):
        channel = free_channel(strips, channel, film.first_frame, film.first_frame + film.frames)
        strip = strips.new_sound(name=name, filepath=path, channel=channel, frame_start=film.first_frame)
        if value(strip, FRAMES) > film.frames:
            setattr(strip, FRAMES[0] if hasattr(strip, FRAMES[0]) else FRAMES[1], film.frames)
        strip.mute = i > 0
        added.append(strip)
    return added
