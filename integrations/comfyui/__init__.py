"""Rewas for ComfyUI: sound for a video from a prompt."""

from comfy_api.latest import ComfyExtension

from .node import RewasSound


class RewasExtension(ComfyExtension):
    async def get_node_list(self):
        return [RewasSound]


async def comfy_entrypoint():
    return RewasExtension()
