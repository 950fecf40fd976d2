"""AUDIO of ComfyUI ({"waveform": [B, C, T] float32, "sample_rate"}) as WAV, and back. torch is imported where it is used, as it is there
only inside ComfyUI."""

import struct

from .rewas_http import Fault

FLOAT, EXTENSIBLE = 3, 0xFFFE
MOST_CHANNELS = 64


def read_wav(data):
    """WAV of float32 as (samples as bytes, interleaved; channels; sample rate)."""
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Fault("the server's sound is no WAV file")
    at, form = 12, None
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        at += 8
        if name == b"fmt " and size >= 16:
            if at + 16 > len(data):
                break
            tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", data, at)
            if tag == EXTENSIBLE and size >= 26 and at + 26 <= len(data):
                (tag,) = struct.unpack_from("<H", data, at + 24)
            form = tag, channels, rate, block, bits
        elif name == b"data":
            if form is None:
                break
            tag, channels, rate, block, bits = form
            if tag != FLOAT or bits != 32 or not 1 <= channels <= MOST_CHANNELS or block != 4 * channels or not 1000 <= rate <= 400_000:
                raise Fault(f"the server's sound must be WAV of float32, but has tag {tag}, {bits} bits, {channels} channels, {rate} Hz")
            samples = data[at:at + min(size, len(data) - at) // block * block]
            if not samples:
                raise Fault("the server's sound is empty")
            return samples, channels, rate
        at += size + size % 2
    raise Fault("the server's sound is a broken WAV file")


def write_wav(samples, channels, rate):
    """WAV of float32 from interleaved samples as bytes."""
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, FLOAT, channels, rate, 4 * channels * rate,
                       4 * channels, 32)
    return head + struct.pack("<4sI", b"data", len(samples)) + samples


def to_audio(files):
    """Sounds of one length as a batch, [B, C, T]."""
    import torch

    waves, forms = [], set()
    for data in files:
        samples, channels, rate = read_wav(data)
        wave = torch.frombuffer(bytearray(samples), dtype=torch.float32).reshape(-1, channels).t().contiguous()
        waves.append(wave)
        forms.add((channels, rate, wave.shape[1]))
    if len(forms) != 1:
        raise Fault("the candidates differ in length, channels or sample rate")
    return {"waveform": torch.stack(waves), "sample_rate": forms.pop()[1]}


def to_wavs(audio):
    """Each sound of a batch as WAV."""
    import torch

    try:
        waveform, rate = audio["waveform"], int(audio["sample_rate"])
        batch, channels, count = waveform.shape
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Fault("reference: must be AUDIO with a waveform [B, C, T] and a sample_rate") from None
    if batch * channels * count == 0:
        raise Fault("reference: must have samples, but is empty")
    for wave in waveform:
        interleaved = wave.detach().to(device="cpu", dtype=torch.float32).t().contiguous()
        yield write_wav(interleaved.numpy().tobytes(), channels, rate)
