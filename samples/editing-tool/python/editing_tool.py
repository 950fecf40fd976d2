#!/usr/bin/env python3
"""What an editing tool does with the studio. Usage: editing_tool.py HOST:PORT VIDEO PROMPT OUT.mp4

Uploads the video, mutes the first half second of its curve, listens to the sound while it is made, and exports the best of two candidates.
Needs Debian's python3-grpcio and the stubs that generate.sh makes.
"""

import os
import sys
import uuid

import grpc

from rewas.v1 import energy_curve_pb2 as curves
from rewas.v1 import sound_studio_pb2 as messages
from rewas.v1 import audio_diffusion_pb2 as diffusion
from rewas.v1.sound_studio_pb2_grpc import SoundStudioStub

CHUNK_BYTES = 256 * 1024


def upload(path, video):
    """The messages of an upload, starting where an earlier one stopped."""
    yield messages.UploadVideoRequest(start=messages.UploadStart(video_id=video.video_id, offset=video.received))
    with open(path, "rb") as file:
        file.seek(video.received)
        while chunk := file.read(CHUNK_BYTES):
            yield messages.UploadVideoRequest(chunk=chunk)


def main(address, path, prompt, output):
    with grpc.insecure_channel(address) as channel:
        studio = SoundStudioStub(channel)
        # The key makes a retry safe: the same key and request give the same video.
        video = studio.CreateVideo(messages.CreateVideoRequest(
            idempotency_key=str(uuid.uuid4()), file_name=os.path.basename(path), bytes=os.path.getsize(path)))
        video = studio.UploadVideo(upload(path, video))
        print(f"uploaded {video.received} bytes")

        analysis = studio.Analyse(messages.AnalyseRequest(video_id=video.video_id))
        print(f"{analysis.caption.text} {analysis.curve.energy.shape[0]} values of energy, {len(analysis.onset_seconds)} onsets")
        mute = curves.CurveEdit(mute=curves.MuteEdit(range=curves.TimeRange(from_seconds=0, to_seconds=0.5)))
        edited = studio.EditCurve(messages.EditCurveRequest(curve=analysis.curve, edits=[mute]))

        render = studio.StartRender(messages.StartRenderRequest(
            idempotency_key=str(uuid.uuid4()), video_id=video.video_id, curve=edited,
            options=diffusion.GenerateOptions(prompt=prompt, steps=4, candidates=2)))
        heard = 0
        for happened in studio.WatchRender(messages.WatchRenderRequest(render_id=render.render_id)):
            if happened.HasField("wave"):
                heard = happened.wave.first_sample + happened.wave.samples.shape[0]  # a real tool would play the samples
            if happened.HasField("end"):
                scores = ", ".join(f"{candidate.score:.2f}" for candidate in happened.end.candidates)
                print(f"heard {heard} of {happened.end.samples} samples; scores {scores}")

        # These are single blows over silence. Mostly silent sound cannot be made as loud as speech without flattening its peaks.
        # Such a loudness would be refused, so this asks for less.
        export = messages.ExportRequest(
            render_id=render.render_id, format=os.path.splitext(output)[1].lstrip("."), finish=messages.StudioFinish(loudness=-30))
        with open(output, "wb") as file:
            for part in studio.Export(export):
                file.write(part.chunk)
        studio.DeleteVideo(messages.DeleteVideoRequest(video_id=video.video_id))
    print(f"wrote {output}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: editing_tool.py HOST:PORT VIDEO PROMPT OUT.mp4")
    main(*sys.argv[1:])
