using Rewas.Client;
using Rewas.Clip;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;

namespace Rewas.Rendering.Takes;

/// <summary>
/// The part of a sound from which a take is cut: the region with what is round it, so that the sound of the region fits its place.
/// </summary>
/// <param name="First">First value of the curve.</param>
/// <param name="End">Value after the last.</param>
public sealed record TakeSection(int First, int End)
{
    /// <summary>Values on either side, 1.28 s.</summary>
    const int Around = 128;

    /// <param name="count">Values of the whole curve.</param>
    public static TakeSection Of(RegionTake take, int count) => new(
        Math.Max(0, (int)(take.From * EnergyCurve.ValuesPerSecond) - Around),
        Math.Min(count, (int)Math.Ceiling(take.To * EnergyCurve.ValuesPerSecond) + Around));

    /// <summary>Values of the curve.</summary>
    public int Count => End - First;

    /// <summary>First sample in the sound.</summary>
    public long FirstSample => (long)First * ClipTiming.HopSamples;

    /// <summary>The energy of the section alone.</summary>
    /// <param name="whole">Of the sound.</param>
    /// <param name="curve">The curve of the sound, after its edits.</param>
    public KnownEnergy Of(KnownEnergy whole, EnergyCurve curve)
    {
        var samples = Math.Min((long)Count * ClipTiming.HopSamples, whole.Video.AudioSamples - FirstSample);
        return new(EnergyCurve.Of(curve.Values[First..End].ToArray()), new(whole.Video) { AudioSamples = samples })
        {
            Descriptors = new(Part(whole.Descriptors.Onsets, 1), Part(whole.Descriptors.Texture, ControlDescriptors.TextureNumbers))
            {
                Cuts = [.. whole.Descriptors.Cuts.Where(cut => cut > First && cut < End).Select(cut => cut - First)],
            },
        };

        IReadOnlyList<float> Part(IReadOnlyList<float> values, int numbers) =>
            values.Count == 0 ? values : [.. values.Skip(First * numbers).Take(Count * numbers)];
    }

    /// <summary>The sound from which the section starts, if the whole sound starts from one.</summary>
    public StartMel? Of(StartMel? whole) => whole is null ? null : (window, candidate) =>
    {
        const int frames = ClipTiming.MelFramesPerWindow;
        var first = First + window * frames;
        var (at, skipped) = Math.DivRem(first, frames);
        float[] both = [.. whole(at, candidate), .. whole(at + 1, candidate)];
        return both[(skipped * ClipTiming.MelBins)..((skipped + frames) * ClipTiming.MelBins)];
    };
}
