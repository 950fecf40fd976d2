using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Networks.Onnx;
using Rewas.Sound.Mel;
using Rewas.Video;

namespace Rewas.Evaluation.Synchrony;

/// <summary>
/// DeSync (Viertola et al., 2024; MMAudio, Cheng et al., 2025, arXiv 2412.15322): by how many seconds a sound is early or late against its
/// picture, as Synchformer judges it, averaged over the first and the last 4.8 s.
/// </summary>
public sealed class SyncMeter : IDisposable
{
    const string VideoNetwork = "sync_video", Network = "synchformer";

    /// <summary>The largest offset that is judged, seconds.</summary>
    const double MostSeconds = 2;

    static readonly VideoLimits Limits = new() { MaxDuration = TimeSpan.MaxValue, MaxPixels = long.MaxValue, MaxFileBytes = long.MaxValue };

    readonly OnnxNetwork video, sync;

    internal SyncMeter(string name, OnnxNetwork video, OnnxNetwork sync) => (Name, this.video, this.sync) = (name, video, sync);

    /// <summary>Architecture and origin of the weights, for reports.</summary>
    public string Name { get; }

    /// <summary>Segments that are judged at once.</summary>
    int Segments => (int)sync.Definition.Inputs[1].Shape[0];

    int FrameSize => (int)video.Definition.Inputs[0].Shape[3];

    /// <summary>Whether a bundle has Synchformer and its visual branch.</summary>
    public static bool IsIn(Bundle bundle) => ((string[])[VideoNetwork, Network]).All(bundle.Manifest.Networks.ContainsKey);

    /// <returns>Null if the bundle lacks Synchformer or its visual branch.</returns>
    public static SyncMeter? Load(Bundle bundle, OnnxOptions options) => IsIn(bundle)
        ? new(
            $"synchformer of {bundle.Manifest.Name} ({bundle.Manifest.Files[bundle.Network(Network).File].Sha256[..8]})",
            OnnxNetwork.Load(bundle, VideoNetwork, options), OnnxNetwork.Load(bundle, Network, options))
        : null;

    /// <summary>Features of a film's segments: 0.64 s each, a new one every 0.32 s.</summary>
    /// <param name="path">The film.</param>
    /// <param name="longest">The rest is not seen.</param>
    /// <returns>For each segment [8 * 768].</returns>
    /// <exception cref="Rewas.Clip.Faults.InputFault">The video cannot be decoded.</exception>
    public async Task<IReadOnlyList<float[]>> SeeAsync(string path, TimeSpan longest, CancellationToken cancellation)
    {
        var timing = new ClipTiming { FrameSize = FrameSize, ResizeShorterSide = FrameSize * 8 / 7 };        // 256 for 224
        var facts = await VideoProbe.ReadAsync(path, Limits, cancellation);
        var (features, frames) = (new List<float[]>(), new List<float[]>());
        var left = FrameReader.FramesIn(longest);
        await foreach (var frame in FrameReader.ReadAsync(path, facts, timing, cancellation))
        {
            if (left-- <= 0)
                break;
            frames.Add(Planes(frame.Span));
            if (frames.Count < ClipTiming.SegmentFrames)
                continue;
            features.Add(Features(frames, cancellation));
            frames.RemoveRange(0, ClipTiming.SegmentFrames / 2);
        }
        return features;
    }

    /// <summary>The mean of the two offsets of a sound, without sign, seconds. Null if picture or sound is shorter than 4.8 s.</summary>
    /// <param name="seen">Of <see cref="SeeAsync"/>.</param>
    /// <param name="samples">[T], 16 kHz.</param>
    public double? DeSync(IReadOnlyList<float[]> seen, ReadOnlySpan<float> samples, CancellationToken cancellation = default)
    {
        var count = Math.Min(seen.Count, SyncMelSpectrogram.SegmentsIn(samples.Length));
        if (count < Segments)
            return null;
        return (Offset(seen, samples, 0, cancellation) + Offset(seen, samples, count - Segments, cancellation)) / 2;
    }

    public void Dispose()
    {
        video.Dispose();
        sync.Dispose();
    }

    /// <summary>The likeliest offset of the segments from one on, without sign, seconds.</summary>
    double Offset(IReadOnlyList<float[]> seen, ReadOnlySpan<float> samples, int first, CancellationToken cancellation)
    {
        var mels = new List<float>();
        for (var segment = first; segment < first + Segments; segment++)
            mels.AddRange(SyncMelSpectrogram.LogMel(
                samples.Slice(segment * SyncMelSpectrogram.SegmentStep, SyncMelSpectrogram.SegmentSamples)));
        var scores = sync.Run(
            [
                HostTensor.Of(seen.Skip(first).Take(Segments).SelectMany(f => f).ToArray(), [.. sync.Definition.Inputs[0].Shape]),
                HostTensor.Of(mels.ToArray(), Segments, SyncMelSpectrogram.Frames, SyncMelSpectrogram.MelBins),
            ], cancellation)[0].Floats.ToArray();
        var likeliest = Array.IndexOf(scores, scores.Max());
        return Math.Abs(MostSeconds * (2.0 * likeliest / (scores.Length - 1) - 1));
    }

    /// <summary>One segment's features: [16] frames of [3, N, N] to [8 * 768].</summary>
    float[] Features(List<float[]> frames, CancellationToken cancellation)
    {
        var plane = FrameSize * FrameSize;
        var input = new float[3 * ClipTiming.SegmentFrames * plane];         // [1, 3, 16, N, N]
        for (var channel = 0; channel < 3; channel++)
            for (var frame = 0; frame < ClipTiming.SegmentFrames; frame++)
                frames[frame].AsSpan(channel * plane, plane).CopyTo(input.AsSpan((channel * ClipTiming.SegmentFrames + frame) * plane));
        return video.Run([HostTensor.Of(input, 1, 3, ClipTiming.SegmentFrames, FrameSize, FrameSize)], cancellation)[0].Floats.ToArray();
    }

    /// <summary>[N, N, 3] u8 to [3, N, N], (value / 255 - 0.5) / 0.5.</summary>
    static float[] Planes(ReadOnlySpan<byte> frame)
    {
        var (plane, planes) = (frame.Length / 3, new float[frame.Length]);
        for (var i = 0; i < frame.Length; i++)
            planes[i % 3 * plane + i / 3] = frame[i] / 127.5f - 1;
        return planes;
    }
}
