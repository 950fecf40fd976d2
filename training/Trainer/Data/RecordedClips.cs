using Rewas.Clip;

namespace Rewas.Trainer.Data;

/// <summary>
/// Clips of 5.12 s made of real recordings. A label is drawn by the square root of its number of recordings, so that rare labels are learnt
/// too. Then one of its recordings is taken at a random time; short ones are repeated. Sometimes a second sound is mixed in and the
/// captions are joined. These clips have no picture.
/// </summary>
/// <param name="recordings">At least one.</param>
/// <param name="captions">Captions for the labels.</param>
/// <param name="timing">Layout of the tokens.</param>
/// <param name="mixProbability">How often a second sound is mixed in.</param>
sealed class RecordedClips(
    IReadOnlyList<Recording> recordings, CaptionBook captions, ClipTiming timing, double mixProbability) : IClipSource
{
    /// <summary>Joins the labels of two sounds in one clip.</summary>
    public const string Joint = " and ";

    const double RepeatProbability = 0.5;
    const double QuietestGain = -12, NoiseFloor = 1e-4;

    /// <summary>How many captions a clip of two sounds gets. Some hundred would be true, but each must be encoded.</summary>
    public const int JoinedCaptions = 4;

    readonly (string Label, Recording[] Recordings)[] labels =
    [
        .. recordings.GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToArray())),
    ];
    readonly double[] shares = CumulativeShares(recordings);

    public TrainingClip Make(ulong seed)
    {
        var random = SeededRandom.For(seed);
        var wave = new float[ClipTiming.SamplesPerWindow];
        for (var i = 0; i < wave.Length; i++)
            wave[i] = (float)(NoiseFloor * (random.NextDouble() * 2 - 1));
        var (first, own) = AnyLabel(random);
        var (second, others) = AnyLabel(random);
        Add(wave, own[random.Next(own.Length)].Samples, 1, random);
        if (second == first || random.NextDouble() >= mixProbability)
            return TrainingClip.From(first, captions.Of(first), [], wave, timing);

        Add(wave, others[random.Next(others.Length)].Samples, Math.Pow(10, random.NextDouble() * QuietestGain / 20), random);
        return TrainingClip.From(
            first + Joint + second, random.GetItems<string>([.. captions.Of(first, second)], JoinedCaptions), [], wave, timing);
    }

    (string Label, Recording[] Recordings) AnyLabel(Random random)
    {
        var place = Array.BinarySearch(shares, random.NextDouble() * shares[^1]);
        return labels[Math.Min(place < 0 ? ~place : place, labels.Length - 1)];
    }

    // Cumulative shares in the order of the labels. The share of a label is the square root of its number of recordings.
    static double[] CumulativeShares(IReadOnlyList<Recording> recordings)
    {
        var total = 0.0;
        return [
            .. recordings.GroupBy(r => r.Label)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(label => total += Math.Sqrt(label.Count())),
        ];
    }

    static void Add(float[] wave, short[] samples, double gain, Random random)
    {
        var peak = samples.Max(s => Math.Abs((int)s));
        var scale = (float)(0.5 * gain / Math.Max(1, peak));
        if (samples.Length >= wave.Length)
        {
            Place(samples.AsSpan(random.Next(samples.Length - wave.Length + 1), wave.Length), 0);
            return;
        }
        var at = random.Next(wave.Length - samples.Length + 1);
        Place(samples, at);
        // Short sounds repeat. One sound in five seconds says little about how it follows a curve.
        for (at += samples.Length; at + samples.Length < wave.Length && random.NextDouble() < RepeatProbability; at += samples.Length)
        {
            at += random.Next((int)((wave.Length - at - samples.Length) * 0.5) + 1);
            Place(samples, at);
        }

        void Place(ReadOnlySpan<short> part, int offset)
        {
            for (var i = 0; i < part.Length; i++)
                wave[offset + i] += part[i] * scale;
        }
    }
}
