import os

import bpy

PACKAGE = __package__
USUAL_SERVER = "http://127.0.0.1:5180"


class RewasPreferences(bpy.types.AddonPreferences):
    bl_idname = PACKAGE

    server: bpy.props.StringProperty(name="Server", default=USUAL_SERVER, description="Address of `rewas serve`")
    key: bpy.props.StringProperty(
        name="Key", subtype="PASSWORD",
        description="Key for a server that checks its callers. Blender keeps it in its preferences; REWAS_API_KEY is used if it is empty")
    folder: bpy.props.StringProperty(
        name="Folder", subtype="DIR_PATH", default="//rewas",
        description="Where sounds are written. // is the folder of the .blend file")

    def draw(self, context):
        for name in ("server", "key", "folder"):
            self.layout.prop(self, name)


def of(context):
    return context.preferences.addons[PACKAGE].preferences


def key_of(preferences):
    return preferences.key or os.environ.get("REWAS_API_KEY", "")


def folder_of(preferences):
    """A folder that stays. An unsaved .blend file has none, so its sounds lie in Blender's own folder."""
    if preferences.folder.startswith("//") and not bpy.data.is_saved:
        return bpy.utils.user_resource("DATAFILES", path="rewas")
    return bpy.path.abspath(preferences.folder)
