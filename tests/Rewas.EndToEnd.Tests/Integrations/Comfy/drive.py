"""Runs the ComfyUI node with stubs of ComfyUI's interface: drive.py NODE_FOLDER FILM PLAN.json OUTCOME.json."""

import asyncio
import importlib.util
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "stubs"))
folder, film, plan_path, outcome_path = sys.argv[1:]

import comfy.model_management
import comfy.utils


class Video:
    """As ComfyUI's VIDEO: it writes itself to a path."""

    def save_to(self, path, format="auto", codec="auto", metadata=None):
        shutil.copyfile(film, path)


def load():
    """As ComfyUI loads a folder of custom_nodes: as a package of some name."""
    spec = importlib.util.spec_from_file_location(
        "custom_nodes.rewas", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    package = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = package
    spec.loader.exec_module(package)
    return asyncio.run(load_nodes(package))


async def load_nodes(package):
    extension = await package.comfy_entrypoint()
    await extension.on_load()
    return await extension.get_node_list()


def defaults(schema):
    return {one.id: one.widget["default"] for one in schema.inputs if "default" in one.widget}


def tell(audio):
    waveform = audio["waveform"]
    return {"shape": list(waveform.shape), "type": str(waveform.dtype), "rate": audio["sample_rate"],
            "levels": [[round(float(half.pow(2).mean().sqrt()), 6) for half in wave.chunk(2, dim=1)] for wave in waveform]}


def run(node, schema, step, made):
    os.environ["REWAS_SERVER"], os.environ["REWAS_API_KEY"] = step["server"], step.get("key", "")
    sys.modules["custom_nodes.rewas.rewas_client"].PATIENCE = step.get("patience", 120)
    comfy.utils.steps.clear()
    comfy.model_management.interrupt_at = step.get("interrupt_at")
    inputs = {**defaults(schema), "video": Video(), **step["inputs"]}
    if step.get("reference") == "batch":
        inputs["reference"] = made["candidates"]
    if "curve_of" in step:
        inputs["curve"] = json.dumps([value if i < step["curve_of"] else -11.512925 for i, value in enumerate(json.loads(made["curve"]))])
    try:
        output = node.execute(**inputs)
    except comfy.model_management.InterruptProcessingException:
        return {"interrupted": True}
    except Exception as failure:
        return {"failure": str(failure), "kind": type(failure).__name__}
    if len(output.args) != len(schema.outputs):
        raise AssertionError("as many values as outputs are needed")
    made.update(zip(("audio", "candidates", "curve"), output.args))
    return {"audio": tell(made["audio"]), "candidates": tell(made["candidates"]), "values": len(json.loads(made["curve"])),
            "progress": list(comfy.utils.steps)}


with open(plan_path, encoding="utf-8") as file:
    plan = json.load(file)
(node,) = load()
schema = node.define_schema()
made, told = {}, []
for step in plan:
    told.append(run(node, schema, step, made))
with open(outcome_path, "w", encoding="utf-8") as file:
    json.dump({
        "steps": told,
        "inputs": [{"name": one.id, "type": one.kind, "widget": bool(one.widget) and not one.widget.get("force_input", False)}
                   for one in schema.inputs],
        "outputs": [{"name": one.display_name, "type": one.kind} for one in schema.outputs],
    }, file)
