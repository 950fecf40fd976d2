"""Rewas for Blender: sound for a movie strip from a prompt."""

import bpy

from . import operators, preferences

bl_info = {
    "name": "Rewas: sound for movie strips",
    "author": "Rewas.Platform",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "Video Sequencer > Sidebar > Rewas",
    "description": "Sound for a movie strip from a prompt, with a self-hosted Rewas server",
    "category": "Sequencer",
}

CLASSES = (
    preferences.RewasPreferences, operators.REWAS_OT_add_sound, operators.REWAS_OT_cancel, operators.REWAS_PT_panel,
)


def register():
    for one in CLASSES:
        bpy.utils.register_class(one)
    bpy.types.SEQUENCER_MT_add.append(operators.in_menu)


def unregister():
    if operators.running is not None:
        operators.running.cancel()
    bpy.types.SEQUENCER_MT_add.remove(operators.in_menu)
    for one in reversed(CLASSES):
        bpy.utils.unregister_class(one)
