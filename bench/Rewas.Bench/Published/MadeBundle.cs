using System.Security.Cryptography;
using System.Text;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Bundles.Import;
using Rewas.Bundles.Tokenizers;
using Rewas.Clip;

namespace Rewas.Bench.Published;

/// <summary>
/// A bundle of the published networks at their published size, with pseudo-random weights, 4.2 GB. For measuring cost, not sound. The same
/// names and shapes give the same weights on every machine.
/// </summary>
static class MadeBundle
{
    /// <summary>Writes the bundle unless the folder holds it already.</summary>
    /// <param name="vocabulary">Folder with RoBERTa's vocab.json and merges.txt.</param>
    public static Bundle Write(string folder, string vocabulary)
    {
        if (File.Exists(Path.Combine(folder, Bundle.ManifestFileName)))
            return Bundle.Open(folder);
        Directory.CreateDirectory(folder);
        var networks = PublishedNetwork.All.Where(network => !network.IsOptional).ToList();
        foreach (var network in networks)
            SafetensorsWriter.Write(
                Path.Combine(folder, network.File),
                [.. network.Weights.Select(weight => new WeightToStore(weight.Key, weight.Value, () => Values(weight.Key, weight.Value)))]);
        foreach (var file in (string[])[PromptTokenizer.VocabularyFile, PromptTokenizer.MergesFile])
            File.Copy(Path.Combine(vocabulary, file), Path.Combine(folder, file), overwrite: true);
        return BundleWriter.Write(folder, new()
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Name = "rewas-made",
            Control = "energy",
            Licence = "CC0-1.0",
            TrainedOn = "Nothing: pseudo-random weights.",
            Timing = new ClipTiming(),
            Sampler = BundleImporter.Sampler,
            LatentScale = 1,
            Networks = networks.ToDictionary(
                network => network.Name,
                network => new BundleNetwork(network.Description.Architecture, network.Description.Configuration, network.File)),
            Files = new Dictionary<string, BundleFile>(),
        });
    }

    /// <summary>
    /// Values as layers have before training: uniform, with the deviation that keeps the size of activations. Scales of norms are near 1,
    /// biases near 0.
    /// </summary>
    static float[] Values(string name, long[] shape)
    {
        var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        var (centre, width) = shape.Length >= 2
            ? (0f, MathF.Sqrt(3f / shape.Skip(1).Aggregate(1L, (count, size) => count * size)))
            : (name.EndsWith("bias", StringComparison.Ordinal) || name.EndsWith("running_mean", StringComparison.Ordinal) ? 0f : 1f, 0.1f);
        for (var i = 0; i < values.Length; i++)
            values[i] = centre + width * (2 * random.NextSingle() - 1);
        return values;
    }
}
