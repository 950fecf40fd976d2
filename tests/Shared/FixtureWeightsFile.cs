using Rewas.Checkpoints;
using Rewas.Networks;

namespace Rewas.Tests;

/// <summary>The weights on which the fixtures were computed, as a safetensors file that lasts as long as this object.</summary>
sealed class FixtureWeightsFile : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-weights-");

    /// <param name="definition">The network whose weights it holds.</param>
    /// <param name="prefix">What the fixtures put before the names.</param>
    public FixtureWeightsFile(NetworkDefinition definition, string prefix)
    {
        var path = Path.Combine(folder.FullName, "weights.safetensors");
        SafetensorsWriter.Write(path, [.. WeightNames.Of(definition).Select(w => new WeightToStore(w.Key, w.Value, () => FixtureGenerator.Weight(prefix + w.Key, w.Value)))]);
        File = SafetensorsFile.Open(path);
    }

    public SafetensorsFile File { get; }

    public void Dispose()
    {
        File.Dispose();
        folder.Delete(recursive: true);
    }
}
