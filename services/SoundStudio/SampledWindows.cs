using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Rewas.Bundles;
using Rewas.Clip;
using Rewas.Clip.Names;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.SoundStudio;

/// <summary>
/// Remembers which windows renders have sampled, to foresee which windows of the next render the diffusion stage finds in its cache. What
/// decides about a window is its energy, that of its neighbours where they are joined, and all options of sampling.
/// </summary>
public sealed class SampledWindows
{
    const int MostKept = 20_000;

    readonly Lock gate = new();
    readonly HashSet<string> known = new(StringComparer.Ordinal);
    readonly Queue<string> oldest = [];
    bool areFound = true;                                                    // the stage has a cache, as far as is known

    /// <summary>Share of the windows that were sampled before; 0 if the energy is not known.</summary>
    /// <param name="energy">After edits; empty if it is not known.</param>
    public double Share(StartRenderRequest request, string caller, SamplerDefaults bundle, ReadOnlySpan<float> energy)
    {
        if (energy.IsEmpty)
            return 0;
        var keys = Keys(request, caller, bundle, energy);
        lock (gate)
            return areFound ? (double)keys.Count(known.Contains) / keys.Count : 0;
    }

    /// <param name="foreseen">What <see cref="Share"/> said before.</param>
    /// <param name="found">Share of the windows that the stage has found.</param>
    public void Add(
        StartRenderRequest request, string caller, SamplerDefaults bundle, ReadOnlySpan<float> energy, double foreseen, double found)
    {
        const double Much = 0.5;
        var keys = Keys(request, caller, bundle, energy);
        lock (gate)
        {
            foreach (var key in keys)
                if (known.Add(key))
                    oldest.Enqueue(key);
            while (oldest.Count > MostKept)
                known.Remove(oldest.Dequeue());
            if (found > 0 || foreseen > Much)
                areFound = found > 0;
        }
    }

    static List<string> Keys(StartRenderRequest request, string caller, SamplerDefaults bundle, ReadOnlySpan<float> energy)
    {
        var filled = RenderWork.Filled(request, bundle);
        (filled.Candidates, filled.Priority) = (0, default);
        filled.Takes.Clear();                                                // a take changes no window of the sound
        byte[] sampling =
        [
            .. Encoding.UTF8.GetBytes(caller), 0, .. filled.ToByteArray(), 0, .. request.Environment?.ToByteArray() ?? [], 0,
            .. request.References?.ToByteArray() ?? [],
        ];
        var (layout, followsText) = (new WindowLayout(filled.Join), filled.Control == ControlNames.TextOnly);
        var keys = new List<string>();
        for (var window = 0; window < layout.WindowsFor(energy.Length); window++)
        {
            // A window that goes on from the one before depends on all before. A bridge depends on both neighbours.
            var from = !layout.FollowsPrevious(window) ? layout.Start(window)
                : filled.Join == JoinNames.Continue ? 0 : layout.Start(window - 1);
            var to = layout.Start(layout.LeadsToNext(window) ? window + 1 : window) + ClipTiming.MelFramesPerWindow;
            var end = (int)Math.Min(to, energy.Length);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(sampling);
            hash.AppendData(BitConverter.GetBytes(layout.Start(window)));
            hash.AppendData(BitConverter.GetBytes(end - from));
            if (!followsText)
                hash.AppendData(MemoryMarshal.AsBytes(energy[(int)from..end]));
            keys.Add(Convert.ToHexString(hash.GetHashAndReset()));
        }
        return keys;
    }
}
