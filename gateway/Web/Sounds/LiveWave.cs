using System.Buffers.Binary;
using Grpc.Core;
using Rewas.Clip.Faults;
using Rewas.Gateway.Web.Ranges;
using Rewas.Protocol;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>
/// The first candidate while it is made, as a WAV file of 16 bits. Its length is known from the start, so any part of it can be asked for.
/// </summary>
static class LiveWave
{
    const int HeaderBytes = 44, BytesPerSample = sizeof(short);

    public static async Task SendAsync(string render, HttpContext context, SoundStudio.SoundStudioClient studio)
    {
        var cancellation = context.RequestAborted;
        var status = await studio.GetRenderAsync(new() { RenderId = render }, cancellationToken: cancellation);
        if (status.State is RenderState.Failed or RenderState.Cancelled)
            throw InputFault.Precondition("id", $"names a sound that has {status.State.ToString().ToLowerInvariant()}");
        var length = HeaderBytes + status.TotalSamples * BytesPerSample;
        if (length > uint.MaxValue)
            throw InputFault.Exhausted("stem", $"live must have at most {uint.MaxValue} bytes, but has {length}");
        if (RangedAnswer.Begin(context, length, $"{render}-live", "audio/wav", "live.wav") is not { } part)
            return;
        if (part.From < HeaderBytes)
        {
            var header = Header(status.TotalSamples);
            await context.Response.Body.WriteAsync(
                header.AsMemory((int)part.From, (int)Math.Min(part.Count, HeaderBytes - part.From)), cancellation);
        }
        var (from, to) = (Math.Max(part.From, HeaderBytes) - HeaderBytes, part.From + part.Count - HeaderBytes);
        if (from < to)
            await SendSamplesAsync(render, context.Response.Body, studio, from, to, cancellation);
    }

    /// <summary>Sends bytes of the samples as the samples are made.</summary>
    static async Task SendSamplesAsync(
        string render, Stream answer, SoundStudio.SoundStudioClient studio, long from, long to, CancellationToken cancellation)
    {
        using var call = studio.WatchRender(
            new() { RenderId = render, FromSample = from / BytesPerSample }, cancellationToken: cancellation);
        while (from < to && await call.ResponseStream.MoveNext(cancellation))
        {
            if (call.ResponseStream.Current.Wave is not { } wave)
                continue;
            var bytes = Bytes(wave.Samples.ToFloatTensor("wave", -1).Floats.Span);
            var skipped = (int)(from - wave.FirstSample * BytesPerSample);
            var count = (int)Math.Min(bytes.Length - skipped, to - from);
            await answer.WriteAsync(bytes.AsMemory(skipped, count), cancellation);
            await answer.FlushAsync(cancellation);
            from += count;
        }
        if (from < to)
            throw new RpcException(new(StatusCode.Unavailable, "the sound ended before its length"));
    }

    static byte[] Bytes(ReadOnlySpan<float> samples)
    {
        var bytes = new byte[samples.Length * BytesPerSample];
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(
                bytes.AsSpan(i * BytesPerSample), (short)Math.Round(Math.Clamp(samples[i], -1, 1) * short.MaxValue));
        return bytes;
    }

    /// <summary>RIFF/WAVE, PCM of 16 bits, mono, 16 kHz.</summary>
    static byte[] Header(long samples)
    {
        var (header, data) = (new byte[HeaderBytes], (uint)(samples * BytesPerSample));
        var at = header.AsSpan();
        "RIFF"u8.CopyTo(at);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], data + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(at[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], 16);              // bytes of the format
        BinaryPrimitives.WriteUInt16LittleEndian(at[20..], 1);               // PCM
        BinaryPrimitives.WriteUInt16LittleEndian(at[22..], 1);               // channels
        BinaryPrimitives.WriteUInt32LittleEndian(at[24..], ClipTiming.SampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(at[28..], ClipTiming.SampleRate * BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(at[32..], BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(at[34..], 8 * BytesPerSample);
        "data"u8.CopyTo(at[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(at[40..], data);
        return header;
    }
}
