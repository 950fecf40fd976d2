using Rewas.Bundles;
using Rewas.Networks.Onnx;

namespace Rewas.Rendering.Guards;

/// <summary>
/// Hears what was made before it is given out: voices and music by a network of the bundle, faults of the signal by measuring. CNN14 of
/// PANNs is used if the bundle has imported it, and else the bundle's own network.
/// </summary>
public sealed class SoundGuard : IDisposable
{
    readonly IVoiceHearing? hearing;

    SoundGuard(IVoiceHearing? hearing) => this.hearing = hearing;

    /// <summary>The network that hears voices and music. Null if the bundle has none; the signal is measured all the same.</summary>
    public string? Name => hearing?.Name;

    /// <param name="thresholds">Of CNN14. Null: the defaults.</param>
    public static SoundGuard Load(Bundle bundle, OnnxOptions options, GuardOptions? thresholds = null)
    {
        if (Find(bundle, PannsHearing.Network, "panns_cnn14") is { } panns)
            return new(new PannsHearing(panns, OnnxNetwork.Load(bundle, PannsHearing.Network, options), thresholds ?? new()));
        if (Find(bundle, OwnHearing.Network, "sound_encoder") is { } own)
            return new(new OwnHearing(own, OnnxNetwork.Load(bundle, OwnHearing.Network, options)));
        return new(null);
    }

    /// <summary>Begins to listen to a sound.</summary>
    public GuardListener Listen() => new(hearing);

    /// <summary>Listens to a whole sound.</summary>
    /// <param name="samples">[T], mono, 16 kHz.</param>
    public GuardReport Hear(ReadOnlySpan<float> samples, CancellationToken cancellation)
    {
        var listener = Listen();
        listener.Add(samples, cancellation);
        return listener.End(cancellation);
    }

    public void Dispose() => hearing?.Dispose();

    /// <summary>The network's name for reports; null if the bundle has no such network of this architecture.</summary>
    static string? Find(Bundle bundle, string network, string architecture) =>
        bundle.Manifest.Networks.TryGetValue(network, out var described) && described.Architecture == architecture
            ? $"{network} of {bundle.Manifest.Name} ({bundle.Manifest.Files[described.File].Sha256[..8]})"
            : null;
}
