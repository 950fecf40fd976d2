"""Runs the Blender add-on in a window, where its operator is modal: blender --python drive_window.py -- FILM PLAN.json OUTCOME.json. One
step after the other, it looks how the work goes on while the window lives."""

import json
import sys
import traceback

sys.dont_write_bytecode = True
film, plan_path, outcome_path = sys.argv[sys.argv.index("--") + 1:]

import bpy

with open(plan_path, encoding="utf-8") as file:
    plan = json.load(file)
told, seen = [], {}


def end():
    with open(outcome_path, "w", encoding="utf-8") as file:
        json.dump({"version": list(bpy.app.version), "steps": told}, file)
    bpy.ops.wm.quit_blender()


def begin(step):
    seen.clear()
    seen.update(turns=0, texts=[])
    settings = bpy.context.preferences.addons["rewas_sound"].preferences
    settings.server, settings.key, settings.folder = step["server"], step.get("key", ""), step["folder"]
    window = bpy.context.window_manager.windows[0]
    scene = window.scene
    scene.render.fps = 30
    scene.sequence_editor_clear()
    editor = scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    editor.active_strip = strips.new_movie("film", film, 2, 10)
    area = max(window.screen.areas, key=lambda area: area.width * area.height)
    area.type = "SEQUENCE_EDITOR"
    area.spaces.active.show_region_ui = True
    region = next(region for region in area.regions if region.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=area, region=region):
        seen["answer"] = sorted(bpy.ops.rewas.add_sound("EXEC_DEFAULT", **step["order"]))


def turn():
    """Each turn is one of Blender's own loop, beside the operator's timer."""
    try:
        return look()
    except Exception:
        traceback.print_exc()
        bpy.ops.wm.quit_blender()


def look():
    from rewas_sound import operators

    if "answer" not in seen:
        if len(told) == len(plan):
            return end()
        begin(plan[len(told)])
        return 0.05
    step, running = plan[len(told)], operators.running
    if running is not None:
        seen["turns"] += 1
        if running.text not in seen["texts"]:
            seen["texts"].append(running.text)
        if step.get("cancel") and running.text.startswith("making sound"):
            bpy.ops.rewas.cancel()
        return 0.05
    strips = bpy.context.window_manager.windows[0].scene.sequence_editor.sequences_all
    told.append({**seen, "sounds": [{"channel": strip.channel, "muted": strip.mute} for strip in strips if strip.type == "SOUND"]})
    del seen["answer"]
    return 0.05


bpy.ops.preferences.addon_enable(module="rewas_sound")
bpy.app.timers.register(turn, first_interval=0.5)
