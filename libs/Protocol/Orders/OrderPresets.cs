using Rewas.Clip.Names;

namespace Rewas.Protocol.Orders;

/// <summary>What each preset sets. An option that the order sets itself wins over the preset, and the preset over the bundle.</summary>
static class OrderPresets
{
    static readonly Dictionary<string, (string Option, object Value)[]> All = new()
    {
        [PresetNames.Draft] = [("sampler", SamplerNames.OfFewSteps), ("spacing", SamplerNames.LogSnr), ("steps", 8)],
        [PresetNames.Standard] = [],
        // ReWaS, arXiv 2407.05551, and its published code: 200 steps of stochastic DDIM, one guidance scale for text and energy.
        [PresetNames.Paper] =
        [
            ("sampler", SamplerNames.Ddim), ("spacing", SamplerNames.Uniform), ("steps", 200), ("eta", 1.0), ("guidance", 3.0),
            ("energy-guidance", 3.0), ("guidance-rescale", 0.0), ("guidance-from", 1.0), ("guidance-to", 0.0),
        ],
    };

    /// <summary>The options of a preset, by name; none for an empty name.</summary>
    public static IEnumerable<(OrderOption Option, object Value)> Of(string preset) =>
        (All.GetValueOrDefault(preset) ?? []).Select(entry => (OrderTable.Find(entry.Option)!, entry.Value));
}
