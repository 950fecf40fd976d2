import urllib.parse

import bpy

from . import preferences, strips
from .rewas_http import Fault, is_this_machine
from .work import Work

running = None                  # the work that goes on; one at a time


def check_online(server):
    """From 4.2 on, users can forbid Blender to reach other machines."""
    host = urllib.parse.urlsplit(server).hostname or ""
    if not getattr(bpy.app, "online_access", True) and not is_this_machine(host):
        raise Fault("Blender may not reach other machines: set Preferences > System > Allow Online Access")


class REWAS_OT_add_sound(bpy.types.Operator):
    """Make sound for the active movie strip, from a prompt"""

    bl_idname, bl_label, bl_options = "rewas.add_sound", "Add Sound from Prompt", {"REGISTER", "UNDO"}

    prompt: bpy.props.StringProperty(name="Prompt", description="What to hear, in plain words", maxlen=2000)
    negative: bpy.props.StringProperty(name="Not to Hear", description="What not to hear", maxlen=2000)
    candidates: bpy.props.IntProperty(
        name="Candidates", description="Sounds to choose from: the best is heard, the others are muted", default=3, min=1, max=8)
    seed: bpy.props.IntProperty(name="Seed", description="The same seed gives the same sound", default=0, min=0)

    timer = None

    @classmethod
    def poll(cls, context):
        return running is None

    def invoke(self, context, event):
        return context.window_manager.invoke_props_dialog(self, width=400)

    def execute(self, context):
        global running
        try:
            running = self.begin(context)
        except Fault as fault:
            self.report({"ERROR"}, str(fault))
            return {"CANCELLED"}
        running.start()
        manager = context.window_manager
        manager.progress_begin(0, 100)
        if bpy.app.background:
            running.thread.join()
            return self.end(context)
        self.timer = manager.event_timer_add(0.2, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def begin(self, context):
        settings = preferences.of(context)
        check_online(settings.server)
        prompt = self.prompt.strip()
        if not prompt:
            raise Fault("prompt: must have 1 to 2000 characters, but is empty")
        order = {"prompt": prompt, "candidates": self.candidates, "seed": self.seed}
        if self.negative.strip():
            order["negative"] = self.negative.strip()
        return Work(
            settings.server, preferences.key_of(settings), preferences.folder_of(settings), strips.active_film(context), order)

    def modal(self, context, event):
        if event.type == "ESC":
            running.cancel()
        if event.type == "TIMER":
            context.window_manager.progress_update(100 * running.part)
            redraw(context)
            if running.has_ended:
                return self.end(context)
        return {"PASS_THROUGH"}

    def cancel(self, context):
        if running is not None:
            running.cancel()

    def end(self, context):
        global running
        work, running = running, None
        context.window_manager.progress_end()
        if self.timer is not None:
            context.window_manager.event_timer_remove(self.timer)
            self.timer = None
        redraw(context)
        if work.is_cancelled:
            self.report({"INFO"}, "Rewas: cancelled")
            return {"CANCELLED"}
        if work.failure:
            self.report({"ERROR"}, work.failure)
            return {"CANCELLED"}
        try:
            strips.add_sounds(work.film, work.sounds)
        except Fault as fault:
            self.report({"ERROR"}, str(fault))
            return {"CANCELLED"}
        return {"FINISHED"}


class REWAS_OT_cancel(bpy.types.Operator):
    """Stop making the sound, here and at the server"""

    bl_idname, bl_label = "rewas.cancel", "Cancel"

    @classmethod
    def poll(cls, context):
        return running is not None

    def execute(self, context):
        running.cancel()
        return {"FINISHED"}


class REWAS_PT_panel(bpy.types.Panel):
    bl_label, bl_category, bl_space_type, bl_region_type = "Rewas", "Rewas", "SEQUENCE_EDITOR", "UI"

    def draw(self, context):
        if running is None:
            self.layout.operator(REWAS_OT_add_sound.bl_idname)
            return
        if hasattr(self.layout, "progress"):                                 # from 4.0 on
            self.layout.progress(factor=running.part, text=running.text)
        else:
            self.layout.label(text=f"{running.text}: {100 * running.part:.0f} %")
        self.layout.operator(REWAS_OT_cancel.bl_idname)


def redraw(context):
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()


def in_menu(menu, context):
    menu.layout.operator(REWAS_OT_add_sound.bl_idname)
