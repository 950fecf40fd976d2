using Rewas.Networks;

namespace Rewas.Trainer.Data;

/// <summary>
/// Clips of 5.12 s made of real recordings: a label at random (so that rare ones are learnt too), one of its recordings at a random time and
/// gain, short ones repeated; sometimes a second sound is mixed in and the captions are joined. They have no picture.
/// </summary>
sealed class RecordedClips(IReadOnlyList<Recording> recordings, CaptionBook captions, ClipTiming timing, double mixProbability = RecordedClips.MixProbability) : IClipSource
{
    public const double MixProbability = 0.25;
    const double RepeatProbability = 0.5;
    const double QuietestGain = -12, NoiseFloor = 1e-4;

    /// <summary>Captions that a clip of two sounds gets, of some hundred that are true: each has to be encoded.</summary>
    const int JoinedCaptions = 4;

    readonly (string Label, Recording[] Recordings)[] labels = [.. recordings.GroupBy(r => r.Label).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.ToArray()))];

    public TrainingClip Make(ulong seed)
    {
        var random = new Random((int)(seed * 0x9E3779B97F4A7C15 >> 33));
        var wave = new float[ClipTiming.SamplesPerWindow];
        for (var i = 0; i < wave.Length; i++)
            wave[i] = (float)(NoiseFloor * (random.NextDouble() * 2 - 1));
        var (first, own) = labels[random.Next(labels.Length)];
        var (second, others) = labels[random.Next(labels.Length)];
        Add(wave, own[random.Next(own.Length)].Samples, 1, random);
        if (second == first || random.NextDouble() >= mixProbability)
            return TrainingClip.From(first, captions.Of(first), [], wave, timing);

        Add(wave, others[random.Next(others.Length)].Samples, Math.Pow(10, random.NextDouble() * QuietestGain / 20), random);
        return TrainingClip.From($"{first} and {second}", random.GetItems<string>([.. captions.Of(first, second)], JoinedCaptions), [], wave, timing);
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
        // Short sounds happen again: what is heard once in five seconds says little about how it follows a curve.
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
