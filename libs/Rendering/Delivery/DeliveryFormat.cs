using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol.Orders;
using Rewas.Sound.Wav;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Rendering.Delivery;

/// <summary>
/// The form of a sound file: its container, by the ending of its name, and its samples. Every sound file of the platform is written in one.
/// Its rate and channels are those of the sound, which the finish sets.
/// </summary>
/// <param name="SampleFormat">One of <see cref="SampleFormatNames"/>; empty for the usual one.</param>
public sealed record DeliveryFormat(string SampleFormat, bool IsFlac)
{
    /// <summary>Whether noise is added where samples lose bits.</summary>
    public bool IsDithered { get; init; }

    /// <summary>Seed of the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether the file says what it holds: bext and iXML, or tags.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>The form of a file of an order.</summary>
    /// <exception cref="InputFault">A FLAC file cannot hold the sample format.</exception>
    public static DeliveryFormat Of(SoundOrder order, string path)
    {
        var (wanted, isFlac) = (order.Delivery?.SampleFormat ?? "", SoundExport.IsFlac(path));
        if (isFlac && wanted.Length > 0 && !SampleFormatNames.InFlac.Contains(wanted))
            throw OrderCheck.NotInFlac(wanted);
        return new(wanted, isFlac)
        {
            IsDithered = order.Delivery?.Dither != DitherNames.None,
            Seed = order.Options.Seed,
            IsBroadcast = order.Delivery?.Broadcast == true,
        };
    }

    /// <summary>How samples are stored.</summary>
    /// <param name="is24Bit">True if every sample is a whole step of 24 bits.</param>
    public WavEncoding EncodingOf(bool is24Bit) => SampleFormat switch
    {
        SampleFormatNames.Pcm16 => WavEncoding.Pcm16,
        SampleFormatNames.Pcm24 => WavEncoding.Pcm24,
        SampleFormatNames.Pcm32 => WavEncoding.Pcm32,
        SampleFormatNames.Float32 => WavEncoding.Float32,
        _ => IsFlac || is24Bit ? WavEncoding.Pcm24 : WavEncoding.Float32,
    };

    /// <summary>
    /// The bits to which samples are dithered; null if they lose none. A float has 24 bits, so 32 lose none that are heard.
    /// </summary>
    /// <param name="is24Bit">True if every sample is a whole step of 24 bits.</param>
    public int? DitherBits(bool is24Bit) => !IsDithered ? null : EncodingOf(is24Bit) switch
    {
        WavEncoding.Pcm16 => 16,
        WavEncoding.Pcm24 when !is24Bit => 24,
        _ => null,
    };
}
