using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using Rewas.Rendering.References;
using Rewas.V1;

namespace Rewas.Cli.Making;

/// <summary>Finds the recordings of a sidecar again.</summary>
static class MovedRecordings
{
    const string Field = "reference";

    /// <summary>
    /// Sets the paths of an order's recordings. Each is looked for among the given files, where the sidecar says, from the sidecar's
    /// folder, and as a name beside the sidecar. The hash decides.
    /// </summary>
    /// <exception cref="InputFault">A recording is not found.</exception>
    public static async Task FindAsync(
        SoundReferences order, ReferencesUsed used, string sidecar, IReadOnlyList<string> given, CancellationToken cancel)
    {
        if (used.Recordings is null || used.Recordings.Any(recording => recording?.Sha256 is null || recording.Name is null))
            throw InputFault.Invalid("sidecar", "its recordings must have a name and a sha256, but one has not");
        foreach (var path in given)
            InputFile.Find(path, Field);
        var folder = Path.GetDirectoryName(Path.GetFullPath(sidecar))!;
        order.Recordings.Clear();
        order.Library = "";
        foreach (var recording in used.Recordings)
        {
            var named = Path.Combine(folder, Path.GetFileName(recording.Name));
            string[] places = recording.File is { } file ? [.. given, file, Path.Combine(folder, file), named] : [.. given, named];
            var found = await FirstAsync(places, recording.Sha256, cancel)
                ?? throw InputFault.NotFound(
                    Field, $"'{recording.File ?? recording.Name}' with SHA-256 {recording.Sha256} is not found: --reference FILE names it");
            order.Recordings.Add(new ReferenceSound { Name = recording.Name, Path = found });
        }
    }

    static async Task<string?> FirstAsync(IEnumerable<string> places, string sha256, CancellationToken cancel)
    {
        foreach (var place in places.Where(File.Exists).DistinctBy(Path.GetFullPath))
            if (FileStatus.Of(place, Field)?.Kind == FileKind.File && await FileHash.OfAsync(place, cancel) == sha256)
                return place;
        return null;
    }
}
