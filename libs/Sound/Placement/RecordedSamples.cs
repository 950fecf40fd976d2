using Rewas.Clip;

namespace Rewas.Sound.Placement;

/// <summary>
/// A recorded sound that can be placed, with its own sample rate and channels. Its samples are in memory (<see cref="Recording"/>) or
/// elsewhere, and are read in parts.
/// </summary>
public abstract class RecordedSamples
{
    const int PartSamples = 1 << 16;

    /// <param name="sampleRate">Hz.</param>
    /// <param name="channelCount">At least 1.</param>
    /// <param name="length">Samples in each channel.</param>
    protected RecordedSamples(int sampleRate, int channelCount, int length) =>
        (SampleRate, ChannelCount, Length) = (sampleRate, channelCount, length);

    public int SampleRate { get; }

    public int ChannelCount { get; }

    /// <summary>Samples in each channel.</summary>
    public int Length { get; }

    /// <summary>Reads a part of a channel. All requested samples exist.</summary>
    /// <param name="channel">From 0.</param>
    /// <param name="first">First sample.</param>
    /// <param name="target">Receives the samples, full scale 1.</param>
    protected abstract void ReadChannel(int channel, int first, Span<float> target);

    /// <summary>Reads a part of a channel, or of the mean of all channels. Before the start and after the end is silence.</summary>
    /// <param name="channel">Null: the mean of all channels.</param>
    internal void Read(int? channel, long first, Span<float> target)
    {
        target.Clear();
        var (from, to) = (Math.Max(0, first), Math.Min(Length, first + target.Length));
        if (to <= from)
            return;
        var part = target[(int)(from - first)..(int)(to - first)];
        if (channel is { } one || ChannelCount == 1)
        {
            ReadChannel(channel ?? 0, (int)from, part);
            return;
        }
        var other = new float[part.Length];
        for (var i = 0; i < ChannelCount; i++)
        {
            ReadChannel(i, (int)from, other);
            for (var sample = 0; sample < other.Length; sample++)
                part[sample] += other[sample] / ChannelCount;
        }
    }

    /// <summary>The mean of the channels at the mel's rate, 16 kHz.</summary>
    internal float[] ForAnalysis()
    {
        if (SampleRate == ClipTiming.SampleRate)
        {
            var same = new float[Length];
            Read(null, 0, same);
            return same;
        }
        var resampler = new Resampler(SampleRate, ClipTiming.SampleRate);
        var wave = new float[resampler.LengthOf(Length)];
        for (var first = 0; first < wave.Length; first += PartSamples)
        {
            var part = wave.AsSpan(first, Math.Min(PartSamples, wave.Length - first));
            var (from, count) = resampler.SourceOf(first, part.Length);
            var source = new float[count];
            Read(null, from, source);
            resampler.Resample(source, from, first, part);
        }
        return wave;
    }
}
