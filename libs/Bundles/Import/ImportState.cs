using System.Text.Json;

namespace Rewas.Bundles.Import;

/// <summary>Progress of an interrupted import, stored beside its files so that the next import can resume.</summary>
/// <param name="Request">The request. A different request starts over.</param>
/// <param name="Hashes">SHA-256 of each source file, by path, length and modification time.</param>
sealed record ImportState(string Request, Dictionary<string, string> Hashes, Dictionary<string, long> Written)
{
    public const string FileName = "import.json";

    public static ImportState Load(string folder, string request)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path)
                && JsonSerializer.Deserialize<ImportState>(File.ReadAllText(path)) is { Hashes: not null, Written: not null } state)
                return state.Request == request ? state : state with { Request = request, Written = [] };
        }
        catch (JsonException)
        {
            // A partially written file counts as none.
        }
        return new(request, [], []);
    }

    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    public bool Has(string folder, string file) => Written.TryGetValue(file, out var length)
        && new FileInfo(Path.Combine(folder, file)) is { Exists: true } found && found.Length == length;
}
