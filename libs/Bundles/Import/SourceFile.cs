using System.Numerics.Tensors;
using Rewas.Bundles.Checkpoints;

namespace Rewas.Bundles.Import;

/// <summary>
/// An open published file. It gives weights under the networks' names, takes their averages, and folds weight normalisation.
/// </summary>
sealed class SourceFile : IDisposable
{
    const string Weight = ".weight";

    /// <summary>
    /// Suffixes of a normalised weight's length and direction: those of <c>torch.nn.utils.weight_norm</c> and of its successor.
    /// </summary>
    static readonly (string Length, string Direction)[] Norms =
        [(".weight_g", ".weight_v"), (".parametrizations.weight.original0", ".parametrizations.weight.original1")];

    readonly CheckpointFile file;
    readonly bool useAverages;

    public SourceFile(PublishedSource source, string path, bool useAverages)
    {
        Source = source;
        file = CheckpointFile.Open(path);
        this.useAverages = useAverages &&
            file.Tensors.Keys.Any(name => name.StartsWith(PublishedSource.Averages, StringComparison.Ordinal));
    }

    public PublishedSource Source { get; }

    public string Path => file.FilePath;

    public string FileName => System.IO.Path.GetFileName(Path);

    public IEnumerable<string> Names => file.Tensors.Keys;

    /// <summary>Whether the exponential moving averages are used.</summary>
    public bool IsAveraged => useAverages;

    /// <summary>The tensors that make up a weight: the weight, its average, or its length and direction. Empty if missing.</summary>
    public IReadOnlyList<string> Parts(string name)
    {
        var stored = StoredName(name);
        if (file.Tensors.ContainsKey(stored))
            return [stored];
        if (name.EndsWith(Weight, StringComparison.Ordinal))
            foreach (var (length, direction) in Norms)
            {
                string[] parts = [name[..^Weight.Length] + length, name[..^Weight.Length] + direction];
                if (parts.All(file.Tensors.ContainsKey))
                    return parts;
            }
        return [];
    }

    public long[] Shape(string name) => file.Tensors[Parts(name)[^1]].Shape;

    public float Scalar(string name) => file.ReadFloats(name) is [var value]
        ? value
        : throw Rewas.Clip.Faults.InputFault.Precondition(FileName, $"'{name}' must be one number");

    /// <summary>A weight's values, row-major.</summary>
    public float[] Read(string name)
    {
        var parts = Parts(name);
        return parts is [var plain] ? file.ReadFloats(plain) : Folded(file.ReadFloats(parts[0]), file.ReadFloats(parts[1]));
    }

    public void Dispose() => file.Dispose();

    /// <summary>Scales the direction of each first index to its length (Salimans and Kingma, 2016).</summary>
    static float[] Folded(float[] lengths, float[] directions)
    {
        var row = directions.Length / lengths.Length;
        for (var i = 0; i < lengths.Length; i++)
        {
            var direction = directions.AsSpan(i * row, row);
            var norm = Math.Sqrt(TensorPrimitives.SumOfSquares<float>(direction));
            TensorPrimitives.Multiply(direction, (float)(lengths[i] / norm), direction);
        }
        return directions;
    }

    string StoredName(string name) => useAverages && name.StartsWith(PublishedSource.Averaged, StringComparison.Ordinal)
        ? PublishedSource.Averages + name[PublishedSource.Averaged.Length..].Replace(".", "", StringComparison.Ordinal)
        : name;
}
