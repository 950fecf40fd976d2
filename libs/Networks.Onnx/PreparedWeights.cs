using System.Security.Cryptography;
using System.Text;
using Rewas.Bundles;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Networks.Onnx;

/// <summary>
/// Weights of a network in another number format than the stored one, made once and kept in a file. Later starts map that file. Its name
/// is a hash of all that it depends on. It is written beside and renamed, so several processes may make it at once, and a killed one leaves
/// no half. It ends with a checksum of its data; a file that does not match is made again.
/// </summary>
/// <param name="Folders">Folders to keep it in, best first. The first that can be written is used.</param>
/// <param name="Network">Name of the network in its bundle.</param>
/// <param name="SourceSha256">SHA-256 of the file with the stored weights.</param>
/// <param name="Precision">One of <see cref="Clip.Names.PrecisionNames"/>.</param>
sealed record PreparedWeights(IReadOnlyList<string> Folders, string Network, string SourceSha256, string Precision)
{
    /// <summary>Changes when the same key would stand for other bytes.</summary>
    const int Version = 1;

    const string FolderName = "prepared", Checksum = "sha256", KeyEntry = "key", Field = "prepared weights";

    /// <summary>Smaller weights are made faster than a file of them is found and checked.</summary>
    const long LeastBytes = 16 << 20;

    /// <summary>A partial file of this age belongs to a killed process.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Those of a bundle's network: beside the bundle, or in the user's folder if the bundle's cannot be written.</summary>
    public static PreparedWeights Of(Bundle bundle, string network, string precision) => new(
        [
            Path.Combine(bundle.Directory, FolderName),
            Path.Combine(Path.GetDirectoryName(Bundle.UserFolder)!, FolderName),
        ],
        network,
        bundle.Manifest.Files[bundle.Network(network).File].Sha256,
        precision);

    /// <summary>Opens the file. It is made if there is none and the weights are large.</summary>
    /// <returns>Null: the weights have to be made in memory.</returns>
    public SafetensorsFile? FindOrMake(RecordedGraph graph) => Find(graph) ?? (graph.WeightBytes >= LeastBytes ? Make(graph) : null);

    /// <summary>Makes the file if there is none, whatever its size.</summary>
    /// <returns>Whether there is a file now.</returns>
    public bool Prepare(RecordedGraph graph)
    {
        using var file = Find(graph) ?? Make(graph);
        return file is not null;
    }

    /// <summary>Opens the file if it is there and whole.</summary>
    SafetensorsFile? Find(RecordedGraph graph)
    {
        var key = Key(graph);
        return Folders.Select(folder => Open(graph, key, PathIn(folder, key))).FirstOrDefault(file => file is not null);
    }

    /// <summary>Makes the file, one weight at a time.</summary>
    SafetensorsFile? Make(RecordedGraph graph)
    {
        var key = Key(graph);
        foreach (var folder in Folders)
            try
            {
                Directory.CreateDirectory(folder);
                DeleteAbandoned(folder);
                var path = PathIn(folder, key);
                var checksum = Write(path, key, graph);
                VerifiedFiles.Note([(new FileInfo(path), checksum)]);
                if (Open(graph, key, path) is { } made)
                    return made;
            }
            catch (Exception e) when (FileFault.IsExpected(e) || e is InputFault { Field: Field or "output" })
            {
                // The next folder is tried.
            }
        return null;
    }

    static string Write(string path, string key, RecordedGraph graph)
    {
        var (parts, hash, checksum) = (new WeightParts(), IncrementalHash.CreateHash(HashAlgorithmName.SHA256), Array.Empty<byte>());
        SafetensorsWriter.WriteTensors(
            path,
            [
                .. Ordered(graph).Select(weight => new TensorToStore(weight.Key, weight.Value.Type, weight.Value.Shape, stream =>
                {
                    var bytes = parts.Bytes(weight.Value);
                    hash.AppendData(bytes);
                    stream.Write(bytes);
                })),
                new(Checksum, StoredType.UInt8, [SHA256.HashSizeInBytes], stream => stream.Write(checksum = hash.GetHashAndReset())),
            ],
            new Dictionary<string, string> { [KeyEntry] = key });
        return Convert.ToHexStringLower(checksum);
    }

    SafetensorsFile? Open(RecordedGraph graph, string key, string path)
    {
        if (!File.Exists(path))
            return null;
        SafetensorsFile? file = null;
        try
        {
            file = SafetensorsFile.Open(path);
            if (IsWhole(file, graph, key))
                return file;
        }
        catch (InputFault)
        {
            // Half a file, or another's.
        }
        file?.Dispose();
        return null;
    }

    static bool IsWhole(SafetensorsFile file, RecordedGraph graph, string key)
    {
        if (file.Metadata.GetValueOrDefault(KeyEntry) != key || file.Tensors.Count != graph.Weights.Count + 1
            || !file.Tensors.TryGetValue(Checksum, out var last) || (last.Type, last.Count) != (StoredType.UInt8, SHA256.HashSizeInBytes)
            || !graph.Weights.All(weight => file.Tensors.TryGetValue(weight.Key, out var stored)
                && stored.Type == weight.Value.Type && stored.Shape.SequenceEqual(weight.Value.Shape)))
            return false;
        var (facts, expected) = (new FileInfo(file.FilePath), Convert.ToHexStringLower(file.Bytes(Checksum)));
        if (VerifiedFiles.Load().Says(facts, expected))
            return true;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, _) in Ordered(graph))
            hash.AppendData(file.Bytes(name));
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != expected)
            return false;
        VerifiedFiles.Note([(facts, expected)]);
        return true;
    }

    /// <summary>
    /// The order of the weights in the file. The format has no gaps between tensors, so integers whose number is no multiple of 4 come
    /// last: floats then start at multiples of 4 bytes.
    /// </summary>
    static IEnumerable<KeyValuePair<string, WeightPart>> Ordered(RecordedGraph graph) => graph.Weights
        .OrderBy(weight => weight.Value.Bytes % sizeof(float) != 0).ThenBy(weight => weight.Value.Weight, StringComparer.Ordinal)
        .ThenBy(weight => weight.Value.Form);

    string Key(RecordedGraph graph)
    {
        var text = new StringBuilder($"{Version} {SourceSha256} {Precision} {Int8Weight.Largest}\n");
        foreach (var (name, part) in Ordered(graph))
            text.Append(name).Append(' ').Append(part.Form).Append(' ').Append(part.Type).Append(' ')
                .AppendJoin(',', part.Shape).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    string PathIn(string folder, string key) => Path.Combine(folder, $"{Network}-{Precision}-{key[..32]}.safetensors");

    static void DeleteAbandoned(string folder)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(".*.partial*"))
            if (file.LastWriteTimeUtc < DateTime.UtcNow - Abandoned)
                file.Delete();
    }
}
