using System.Runtime.InteropServices;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Store.Files;

namespace Rewas.SoundStudio;

/// <summary>
/// The samples of a render's first candidate in the store while they are made, so that every replica can let its callers hear them. A
/// replica that makes the render again goes on after the samples that are there: they are the same.
/// </summary>
public sealed class HeardSound(StoredParts parts)
{
    /// <summary>Samples that are stored at a time: a second.</summary>
    const int LeastSamples = ClipTiming.SampleRate;

    const int PartSamples = 16_384;

    const string Name = "heard";

    /// <summary>Number of samples in the store.</summary>
    public async Task<long> LengthAsync(string render, CancellationToken cancellation) =>
        await parts.LengthAsync(render, Name, cancellation) / sizeof(float);

    /// <summary>Stores samples that have been made since.</summary>
    /// <param name="from">Number of samples in the store.</param>
    /// <returns>The number of samples in the store now.</returns>
    public async Task<long> StoreAsync(string render, StudioRendering rendering, long from, CancellationToken cancellation)
    {
        var samples = new List<float>();
        while (rendering.ReadSamples(from + samples.Count) is { Length: > 0 } next)
            samples.AddRange(next);
        if (samples.Count < LeastSamples)
            return from;
        using var folder = PrivateFolder.Create("rewas-heard-");
        var path = folder.File("part");
        await File.WriteAllBytesAsync(path, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(samples)).ToArray(), cancellation);
        await parts.AppendAsync(render, Name, from * sizeof(float), path, cancellation);
        return from + samples.Count;
    }

    /// <summary>The next samples from the store; empty if no more have been made.</summary>
    public async Task<float[]> ReadAsync(string render, long from, CancellationToken cancellation)
    {
        if (from > long.MaxValue / sizeof(float))
            return [];                                                       // a follower who waits for the end alone
        var bytes = await parts.ReadAsync(render, Name, from * sizeof(float), PartSamples * sizeof(float), cancellation);
        return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }
}
