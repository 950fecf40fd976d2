using System.Text.Json;

namespace Rewas.Import;

/// <summary>How far an interrupted import came: kept beside what it has written, so that the next one goes on from there.</summary>
/// <param name="Request">What was asked for: another request starts anew.</param>
/// <param name="Hashes">SHA-256 of each source file, by its path, length and time of change.</param>
/// <param name="Written">Length of each finished file.</param>
sealed record ImportState(string Request, Dictionary<string, string> Hashes, Dictionary<string, long> Written)
{
    public const string FileName = "import.json";

    public static ImportState Load(string folder, string request)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (File.Exists(path) && JsonSerializer.Deserialize<ImportState>(File.ReadAllText(path)) is { Hashes: not null, Written: not null } state)
                return state.Request == request ? state : state with { Request = request, Written = [] };
        }
        catch (JsonException)
        {
            // Half written: as good as none.
        }
        return new(request, [], []);
    }

    public void Save(string folder) => File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this));

    public bool Has(string folder, string file) => Written.TryGetValue(file, out var length) && new FileInfo(Path.Combine(folder, file)) is { Exists: true } found && found.Length == length;
}
