using System.Text.Json;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;

namespace Rewas.Evaluation.Features;

/// <summary>The networks of a bundle that measure sounds, by architecture.</summary>
public static class FeatureNetworks
{
    static readonly Dictionary<string, Func<string, OnnxNetwork, IFeatureNetwork>> Kinds = new()
    {
        ["panns_cnn14"] = (name, network) => new PannsCnn14Features(name, network),
        ["melception"] = (name, network) => new MelceptionFeatures(name, network),
        ["sound_encoder"] = (name, network) => new SoundClassifierFeatures(name, network),
    };

    /// <summary>Loads all of them. The caller disposes them.</summary>
    public static IReadOnlyList<IFeatureNetwork> Load(Bundle bundle, OnnxOptions options)
    {
        var networks = new List<IFeatureNetwork>();
        foreach (var (name, described) in bundle.Manifest.Networks.OrderBy(network => network.Key, StringComparer.Ordinal))
            if (Kinds.TryGetValue(described.Architecture, out var make) && name != Guard && !IsEncoderOnly(described))
            {
                var hash = bundle.Manifest.Files[described.File].Sha256[..8];
                var network = OnnxNetwork.Load(bundle, name, options);
                networks.Add(make($"{described.Architecture} of {bundle.Manifest.Name} ({hash})", network));
            }
        return networks;
    }

    /// <summary>Loads the networks of a bundle that must have some.</summary>
    /// <exception cref="InputFault">It has none.</exception>
    public static IReadOnlyList<IFeatureNetwork> Require(Bundle bundle, OnnxOptions options) =>
        Load(bundle, options) is { Count: > 0 } networks
        ? networks
        : throw InputFault.Precondition(
            "features",
            $"bundle '{bundle.Manifest.Name}' has no network that measures sounds ({string.Join(", ", Kinds.Keys)}); "
            + "`rewas models import --panns FILE` or `--melception FILE` makes one that has");

    /// <summary>The guard of sounds is no measure of them: it has three classes, and candidates are chosen by it.</summary>
    const string Guard = "sound_guard";

    /// <summary>Whether a sound encoder has no labels and is therefore no classifier.</summary>
    static bool IsEncoderOnly(BundleNetwork described) => described.Architecture == "sound_encoder"
        && !(described.Configuration.TryGetProperty("labels", out var labels)
            && labels.ValueKind == JsonValueKind.Array && labels.GetArrayLength() > 0);
}
