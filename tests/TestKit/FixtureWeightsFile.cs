using Rewas.Bundles.Checkpoints;
using Rewas.Networks;

namespace Rewas.TestKit;

/// <summary>The weights on which the fixtures were computed, in a temporary safetensors file that this object owns.</summary>
public sealed class FixtureWeightsFile : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-weights-");

    /// <param name="definition">The network whose weights the file holds.</param>
    /// <param name="prefix">The fixtures' prefix for the names.</param>
    public FixtureWeightsFile(NetworkDefinition definition, string prefix)
    {
        var path = Path.Combine(folder.FullName, "weights.safetensors");
        SafetensorsWriter.Write(
            path,
            [
                .. WeightNames.Of(definition).Select(
                    w => new WeightToStore(w.Key, w.Value, () => FixtureGenerator.Weight(prefix + w.Key, w.Value))),
            ]);
        File = SafetensorsFile.Open(path);
    }

    public SafetensorsFile File { get; }

    public void Dispose()
    {
        File.Dispose();
        folder.Delete(recursive: true);
    }
}
