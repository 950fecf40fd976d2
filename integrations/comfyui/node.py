"""The node. It needs comfy_api of version 0.0.2 or later (ComfyUI's V3 schema)."""

import io as bytes_io
import json
import os
import tempfile

from comfy_api.latest import io

from .audio import to_audio, to_wavs
from .rewas_client import MOST_VALUES, Client
from .rewas_http import Fault

SERVER, KEY = "REWAS_SERVER", "REWAS_API_KEY"
USUAL_SERVER = "http://127.0.0.1:5180"
MOST_SOUND_BYTES = 1 << 30                                                   # a candidate is held in memory


class RewasSound(io.ComfyNode):
    @classmethod
    def define_schema(cls):
        return io.Schema(
            node_id="RewasSound",
            display_name="Rewas: sound for video",
            category="audio/rewas",
            description="Makes sound for a video from a prompt, with a Rewas server. The video decides when and how loud, the prompt what.",
            inputs=[
                io.Video.Input("video", tooltip="The video to make sound for. Its own sound is not used."),
                io.String.Input("prompt", multiline=True, tooltip="What to hear, in plain words."),
                io.String.Input("negative_prompt", multiline=True, default="", tooltip="What not to hear."),
                io.Int.Input("seed", default=0, min=0, max=4294967295, control_after_generate=True,
                             tooltip="The same seed gives the same sound."),
                io.Int.Input("candidates", default=1, min=1, max=8, tooltip="Sounds to choose from. The best by score is first."),
                io.Float.Input("reference_strength", default=0.0, min=0.0, max=1.0, step=0.05,
                               tooltip="0: the references are placed as they are; above: sampling starts from them."),
                io.Audio.Input("reference", optional=True, tooltip="Recordings that are placed under the energy, one for each of a batch."),
                io.String.Input("curve", optional=True, force_input=True,
                                tooltip="Energy in place of the video's: a JSON list of 100 values a second, as the output gives it."),
            ],
            outputs=[
                io.Audio.Output(display_name="audio", tooltip="The best sound, as long as the video."),
                io.Audio.Output(display_name="candidates", tooltip="All sounds as a batch, the best first."),
                io.String.Output(display_name="curve", tooltip="The energy that the sound follows, as a JSON list."),
            ],
        )

    @classmethod
    def execute(cls, video, prompt, negative_prompt, seed, candidates, reference_strength, reference=None, curve=None):
        order = {"prompt": prompt.strip(), "seed": seed, "candidates": candidates, "format": "wav", "sample_format": "float32"}
        if not order["prompt"]:
            raise Fault("prompt: must have 1 to 2000 characters, but is empty")
        if negative_prompt.strip():
            order["negative"] = negative_prompt.strip()
        energy = read_curve(curve)
        if energy:
            order["curve"] = energy

        told, stop = in_comfy()
        client = Client(os.environ.get(SERVER) or USUAL_SERVER, os.environ.get(KEY, ""), told, stop)
        client.hello()
        with tempfile.TemporaryDirectory(prefix="rewas-") as folder:
            film = os.path.join(folder, "film.mp4")
            video.save_to(film)
            order["file"] = client.upload(film)
            if reference is not None:
                order["reference"] = []
                for i, wav in enumerate(to_wavs(reference)):
                    path = os.path.join(folder, f"reference-{i + 1}.wav")
                    with open(path, "wb") as file:
                        file.write(wav)
                    order["reference"].append(client.upload(path))
                order["reference_strength"] = reference_strength
        sound = client.wait(client.start(**order))
        sounds = []
        for rank in range(len(sound["scores"])):
            told(f"fetching candidate {rank + 1}", 1)
            file = bytes_io.BytesIO()
            client.download(sound["id"], rank, file, MOST_SOUND_BYTES, "format=wav&sample-format=float32")
            sounds.append(file.getvalue())
        everything = to_audio(sounds)
        best = {"waveform": everything["waveform"][:1], "sample_rate": everything["sample_rate"]}
        # The server has looked at the video by now, so this takes no time.
        energy = energy or client.analyse(order["file"])[1]
        return io.NodeOutput(best, everything, json.dumps(energy))


def read_curve(text):
    """The values of a curve; None if there is none."""
    if text is None or not text.strip():
        return None
    try:
        curve = json.loads(text)
    except (ValueError, RecursionError):
        curve = None
    right = isinstance(curve, list) and 0 < len(curve) <= MOST_VALUES and all(
        isinstance(value, (int, float)) and not isinstance(value, bool) and -12 <= value <= 3 for value in curve)
    if not right:
        raise Fault("curve: must be a JSON list of numbers from -11.512925 (silence) to 2, 100 a second")
    return curve


def in_comfy():
    """How ComfyUI is told of progress, and how it says that the user has cancelled."""
    import comfy.model_management
    import comfy.utils

    bar = comfy.utils.ProgressBar(100)
    return (
        lambda text, part: bar.update_absolute(round(100 * part)),
        comfy.model_management.throw_exception_if_processing_interrupted,
    )
