using System.Text.Json;
using Rewas.Bundles;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Protocol.Orders;
using Rewas.Rendering;
using Rewas.Rendering.Takes;
using Rewas.V1;
using Rewas.Video;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.SoundStudio;

/// <summary>
/// The work of a render in parts. The time of a unit of each part is learnt (<see cref="RenderTimes"/>), so a part is what takes time in
/// proportion to its amount.
/// </summary>
/// <param name="Amounts">One for each of <see cref="Parts"/>.</param>
public sealed record RenderWork(IReadOnlyList<double> Amounts)
{
    /// <summary>
    /// The parts, each with the seconds of a unit on two cores of an AMD EPYC with rewas-mini. Other machines and bundles take a multiple,
    /// which is learnt first; then the parts are learnt one by one.
    /// </summary>
    public static readonly IReadOnlyList<(string Name, double Seconds)> Parts =
    [
        ("render", 0.17),                                            // each has one: reading, storing, telling
        ("look", 0.3),                                               // of a video whose energy is not known: ffmpeg begins
        ("decoded megapixels", 0.001),                               // of such a video
        ("encoded seconds", 0.01),                                   // of such a video
        ("windows", 0.12),                                           // of each sound: latent to mel to wave
        ("steps", 0.005),                                            // of one window and one row of guidance
        ("scored windows", 0.03),                                    // of candidates that are ranked
        ("placed seconds", 0.012),                                   // of own recordings
    ];

    /// <param name="request">The request of the render.</param>
    /// <param name="samples">Of each sound.</param>
    /// <param name="bundle">The sampler's defaults.</param>
    /// <param name="looked">The video, if its energy is not known and the picture is looked at; else null.</param>
    /// <param name="found">Share of the windows, 0 to 1, that need no sampling, because they were sampled before.</param>
    public static RenderWork Of(StartRenderRequest request, long samples, SamplerDefaults bundle, VideoFacts? looked, double found)
    {
        var order = request.ToOrder();
        var options = Filled(request, bundle);
        var sounds = RenderMessages.SoundsOf(request);
        var candidates = Math.Max(1, options.Candidates);
        var seconds = (double)samples / ClipTiming.SampleRate;
        var placed = order.References is null ? 0 : seconds * candidates;
        var windows = SoundMaker.MayBePlacedAlone(order) ? 0.0 : WindowsOf(options, samples) * sounds;
        var takes = TakenWindows(options, samples) * candidates;
        return new(
        [
            1,
            looked is null ? 0 : 1,
            looked is null ? 0 : (double)looked.Width * looked.Height * looked.Frames / 1e6,
            looked is null ? 0 : seconds,
            windows + takes,
            (windows * (1 - found) + takes) * options.Steps * GuidanceRows(options),
            candidates > 1 && windows > 0 ? windows : 0,
            placed,
        ]);
    }

    /// <summary>The options of sampling with the presets' and the bundle's values filled in.</summary>
    public static GenerateOptions Filled(StartRenderRequest request, SamplerDefaults bundle) =>
        OrderDefaults.Filled(request.Options, JsonSerializer.SerializeToElement(bundle, JsonSerializerOptions.Web));

    /// <summary>Windows that are sampled for one sound. Cuts, which are known after a look, add some.</summary>
    public static int WindowsOf(GenerateOptions filled, long samples) =>
        new WindowLayout(filled.Join).WindowsFor((samples + ClipTiming.HopSamples - 1) / ClipTiming.HopSamples);

    /// <summary>Windows that the takes need. A part that was made before is found in the cache, which is not foreseen here.</summary>
    public static int TakenWindows(GenerateOptions filled, long samples)
    {
        var (layout, count) = (new WindowLayout(filled.Join), KnownEnergy.CountFor(samples));
        return filled.Takes.Sum(text => layout.WindowsFor(Math.Max(1, TakeSection.Of(RegionTake.Parse(text, "take"), count).Count)));
    }

    /// <summary>Rows of the denoiser for a step: with and without text, with and without energy, as far as the scales differ.</summary>
    static int GuidanceRows(GenerateOptions filled)
    {
        var energy = filled.HasEnergyGuidanceScale ? filled.EnergyGuidanceScale : filled.GuidanceScale;
        return 1 + (energy != 1 ? 1 : 0) + (energy != filled.GuidanceScale ? 1 : 0);
    }
}
