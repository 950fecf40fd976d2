using Rewas.Bundles.Checkpoints;
using Rewas.Networks;

namespace Rewas.TestKit;

/// <summary>The weights on which the fixtures were computed, in a temporary safetensors file that this object owns.</summary>
public sealed class FixtureWeightsFile : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rewas-weights-");

    /// <param name="definition">The network whose weights the file holds.</param>
    /// <param name="prefix">The fixtures' prefix for the names.</param>
    /// <param name="change">Changes the values of a weight, by its name without the prefix. Null changes none.</param>
    public FixtureWeightsFile(NetworkDefinition definition, string prefix, Action<string, float[]>? change = null)
    {
        var path = Path.Combine(folder.FullName, "weights.safetensors");
        SafetensorsWriter.Write(
            path,
            [
                .. WeightNames.Of(definition).Select(
                    w => new WeightToStore(w.Key, w.Value, () => Values(w.Key, w.Value))),
            ]);
        File = SafetensorsFile.Open(path);

        ReadOnlyMemory<float> Values(string name, long[] shape)
        {
            var values = FixtureGenerator.Weight(prefix + name, shape);
            change?.Invoke(name, values);
            return values;
        }
    }

    public SafetensorsFile File { get; }

    public void Dispose()
    {
        File.Dispose();
        folder.Delete(recursive: true);
    }
}
