using System.Text.Json;

namespace Rewas.Networks.Architectures;

/// <summary>Relation between samples and mel frames of any vocoder, for making a long waveform in chunks.</summary>
/// <param name="SamplesPerFrame">A chunk that starts at mel frame f starts at sample f times this.</param>
/// <param name="ContextFrames">The samples of a mel frame depend on this many frames before and after it, and on no others.</param>
public readonly record struct VocoderReach(int SamplesPerFrame, int ContextFrames)
{
    /// <exception cref="ArgumentException">The architecture is no vocoder.</exception>
    public static VocoderReach Of(string architecture, JsonElement configuration) => architecture switch
    {
        "hifigan" => Of(new HifiGanReach(NetworkCatalog.Read<HifiGanConfiguration>(configuration))),
        "vocos" => Of(NetworkCatalog.Read<VocosConfiguration>(configuration)),
        _ => throw new ArgumentException($"the vocoder must be a hifigan or a vocos, but is a {architecture}"),
    };

    static VocoderReach Of(HifiGanReach reach) => new(reach.SamplesPerFrame, reach.ContextFrames);

    public static VocoderReach Of(VocosConfiguration c) => new(
        c.HopSamples, (c.Layers + 1) * (Vocos.Kernel / 2) + (2 * (c.Refinements + c.Corrections) + 1) * c.HopsAside);
}
