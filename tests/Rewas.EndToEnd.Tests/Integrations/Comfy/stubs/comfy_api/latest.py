"""The part of comfy_api.latest that the node uses, with the arguments of ComfyUI 0.3.48. Another argument is an error."""

from abc import ABC, abstractmethod


class _Input:
    def __init__(self, kind, id, display_name=None, optional=False, tooltip=None, lazy=None, extra_dict=None, **widget):
        self.kind, self.id, self.optional, self.tooltip, self.widget = kind, id, optional, tooltip, widget


class _Output:
    def __init__(self, kind, id=None, display_name=None, tooltip=None, is_output_list=False):
        self.kind, self.display_name = kind, display_name


def _type(kind, *allowed):
    class Type:
        @staticmethod
        def Input(id, **options):
            known = {"display_name", "optional", "tooltip", "lazy", "extra_dict", *allowed}
            if not set(options) <= known:
                raise TypeError(f"{kind}.Input has no {set(options) - known}")
            return _Input(kind, id, **options)

        @staticmethod
        def Output(id=None, display_name=None, tooltip=None, is_output_list=False):
            return _Output(kind, id, display_name, tooltip, is_output_list)
    return Type


class io:
    Video, Audio = _type("VIDEO"), _type("AUDIO")
    String = _type("STRING", "multiline", "placeholder", "default", "dynamic_prompts", "socketless", "force_input")
    Int = _type("INT", "default", "min", "max", "step", "control_after_generate", "display_mode", "socketless", "force_input")
    Float = _type("FLOAT", "default", "min", "max", "step", "round", "display_mode", "socketless", "force_input")

    class Schema:
        def __init__(self, node_id, display_name=None, category="sd", inputs=(), outputs=(), hidden=(), description="",
                     is_input_list=False, is_output_node=False, is_deprecated=False, is_experimental=False, is_api_node=False,
                     not_idempotent=False, enable_expand=False):
            self.node_id, self.inputs, self.outputs = node_id, list(inputs), list(outputs)
            names = [one.id for one in self.inputs]
            if len(set(names)) != len(names):
                raise ValueError("two inputs have one name")

    class NodeOutput:
        def __init__(self, *args, ui=None, expand=None, block_execution=None):
            self.args = args

    class ComfyNode(ABC):
        @classmethod
        @abstractmethod
        def define_schema(cls):
            ...

        @classmethod
        @abstractmethod
        def execute(cls, **kwargs):
            ...


class ComfyExtension(ABC):
    async def on_load(self):
        ...

    @abstractmethod
    async def get_node_list(self):
        ...
