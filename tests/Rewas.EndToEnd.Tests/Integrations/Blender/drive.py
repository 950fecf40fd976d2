"""Runs the Blender add-on: blender -b --python drive.py -- FILM PLAN.json OUTCOME.json, with the add-on among the user's scripts."""

import json
import sys

sys.dont_write_bytecode = True
film, plan_path, outcome_path = sys.argv[sys.argv.index("--") + 1:]

import bpy


def lay(step):
    """A scene with the film as a strip."""
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    bpy.ops.preferences.addon_enable(module="rewas_sound")
    settings = bpy.context.preferences.addons["rewas_sound"].preferences
    settings.server, settings.key, settings.folder = step["server"], step.get("key", ""), step["folder"]
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = step.get("fps", 30), 1
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    if step.get("strip", True):
        strip = strips.new_movie("film", film, 2, step.get("start", 10))
        strip.frame_offset_start, strip.frame_offset_end = step.get("cut", (0, 0))
        editor.active_strip = strip
        if step.get("above"):
            strips.new_effect("colour", "COLOR", 3, frame_start=1, frame_end=400)
    return strips


def run(step):
    strips = lay(step)
    try:
        ended = bpy.ops.rewas.add_sound(**step["order"])
    except RuntimeError as failure:
        return {"failure": str(failure).strip(), "strips": len(strips)}
    return {
        "ended": sorted(ended), "poll": bpy.ops.rewas.add_sound.poll(),
        "sounds": [{
            "name": strip.name, "channel": strip.channel, "start": strip.frame_final_start, "frames": strip.frame_final_duration,
            "muted": strip.mute, "path": bpy.path.abspath(strip.sound.filepath),
        } for strip in sorted(strips, key=lambda strip: strip.channel) if strip.type == "SOUND"],
    }


def cancel(step):
    """What the modal operator does, turn by turn: there are no windows here, so no events."""
    from rewas_sound import preferences, strips
    from rewas_sound.work import Work

    lay(step)
    work = Work(step["server"], "", step["folder"], strips.active_film(bpy.context), step["order"])
    work.start()
    while not work.has_ended:
        if work.text.startswith("making sound"):
            work.cancel()
        work.thread.join(0.05)
    return {"cancelled": work.is_cancelled, "failure": work.failure}


with open(plan_path, encoding="utf-8") as file:
    plan = json.load(file)
told = [cancel(step) if step.get("cancel") else run(step) for step in plan]
bpy.ops.preferences.addon_disable(module="rewas_sound")
with open(outcome_path, "w", encoding="utf-8") as file:
    json.dump({"version": list(bpy.app.version), "steps": told}, file)
