using Rewas.Clip;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>Predictions from the picture beside the energy, as long as the video. Empty if the bundle does not make them.</summary>
/// <param name="Onsets">1 at an onset of the sound; 100 values per second.</param>
/// <param name="Texture">Five numbers for each value of the energy.</param>
public sealed record PredictedDescriptors(IReadOnlyList<float> Onsets, IReadOnlyList<float> Texture)
{
    public static readonly PredictedDescriptors None = new([], []);

    /// <summary>Positions of cuts as indices of energy values, in order.</summary>
    public IReadOnlyList<int> Cuts { get; init; } = [];

    /// <summary>All descriptors in one message, the form of the cache.</summary>
    internal EnergyWindow ToMessage()
    {
        var message = new EnergyWindow { Cuts = { Cuts } };
        if (Onsets.Count > 0)
            message.Onsets = HostTensor.Of(Onsets.ToArray(), Onsets.Count).ToMessage("onsets");
        if (Texture.Count > 0)
            message.Texture = HostTensor.Of(Texture.ToArray(), Texture.Count / Numbers, Numbers).ToMessage("texture");
        return message;
    }

    /// <exception cref="Rewas.Clip.Faults.InputFault">The message was not made by <see cref="ToMessage"/>.</exception>
    internal static PredictedDescriptors Of(EnergyWindow message) => new(
        message.Onsets is { } onsets ? onsets.ToFloatTensor("onsets", -1).Floats.ToArray() : [],
        message.Texture is { } texture ? texture.ToFloatTensor("texture", -1, Numbers).Floats.ToArray() : [])
    {
        Cuts = message.Cuts,
    };

    const int Numbers = ControlDescriptors.TextureNumbers;
}
