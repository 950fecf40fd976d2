using Rewas.Clip;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>
/// What a picture promises of its sound beside the energy, for as long as the video lasts. Empty where the bundle does not tell it.
/// </summary>
/// <param name="Onsets">1 where the sound is to set in, 100 values a second.</param>
/// <param name="Texture">Five numbers a value of the energy.</param>
public sealed record PredictedDescriptors(IReadOnlyList<float> Onsets, IReadOnlyList<float> Texture)
{
    public static readonly PredictedDescriptors None = new([], []);

    /// <summary>Values of the energy with which another scene of the picture begins, in order.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>All of it in one message, as a cache keeps it.</summary>
    internal EnergyWindow ToMessage()
    {
        var message = new EnergyWindow { Cuts = { Cuts } };
        if (Onsets.Count > 0)
            message.Onsets = HostTensor.Of(Onsets.ToArray(), Onsets.Count).ToMessage("onsets");
        if (Texture.Count > 0)
            message.Texture = HostTensor.Of(Texture.ToArray(), Texture.Count / Numbers, Numbers).ToMessage("texture");
        return message;
    }

    /// <exception cref="Rewas.Clip.Faults.InputFault">Not what <see cref="ToMessage"/> made.</exception>
    internal static PredictedDescriptors Of(EnergyWindow message) => new(
        message.Onsets is { } onsets ? onsets.ToFloatTensor("onsets", -1).Floats.ToArray() : [],
        message.Texture is { } texture ? texture.ToFloatTensor("texture", -1, Numbers).Floats.ToArray() : [])
    {
        Cuts = message.Cuts,
    };

    const int Numbers = ControlDescriptors.TextureNumbers;
}
