using Rewas.Clip.Faults;

namespace Rewas.Sound.Placement;

/// <summary>A recorded sound in memory.</summary>
public sealed class Recording : RecordedSamples
{
    public const int MaximumChannels = 8;
    public const int MaximumSampleRate = 192_000;

    /// <param name="name">Shown to users and in errors.</param>
    /// <param name="sampleRate">Hz, 8000 to 192,000.</param>
    /// <param name="channels">[channels][samples], full scale 1, all of the same length.</param>
    /// <exception cref="InputFault">There are no samples, the rate or number of channels is out of range, or a sample is not
    /// finite.</exception>
    public Recording(string name, int sampleRate, params IReadOnlyList<float[]> channels)
        : base(sampleRate, channels.Count, channels.Count > 0 ? channels[0].Length : 0)
    {
        InputFault.ThrowUnlessInRange(name, sampleRate, 8000, MaximumSampleRate);
        if (channels.Count is 0 or > MaximumChannels)
            throw InputFault.Invalid(name, $"must have 1 to {MaximumChannels} channels, but has {channels.Count}");
        if (channels[0].Length == 0 || channels.Any(channel => channel.Length != channels[0].Length))
            throw InputFault.Invalid(name, "must have samples, and the same number in each channel, but has not");
        if (channels.Any(channel => FiniteSamples.HasOthers(channel)))
            throw InputFault.Invalid(name, "every sample must be a finite number, but one is not");
        Channels = channels;
    }

    /// <summary>[channels][samples].</summary>
    public IReadOnlyList<float[]> Channels { get; }

    protected override void ReadChannel(int channel, int first, Span<float> target) =>
        Channels[channel].AsSpan(first, target.Length).CopyTo(target);
}
