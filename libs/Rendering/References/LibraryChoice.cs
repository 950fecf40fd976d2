using Rewas.Library;
using Rewas.V1;

namespace Rewas.Rendering.References;

/// <summary>Chooses recordings of the library for a prompt.</summary>
static class LibraryChoice
{
    const int MostRecordings = 6, MostCharacters = 500;

    /// <summary>Least score of the best recording. Below it, the library has nothing that matches.</summary>
    const double LeastScore = 0.5;

    /// <summary>Recordings whose score is this share of the best one are takes of the same sound.</summary>
    const double Similar = 0.9;

    const double LongestSeconds = 300;

    public static IReadOnlyList<ReferenceSound> Of(LibraryIndex library, string prompt, CancellationToken cancellation)
    {
        var words = prompt.Length <= MostCharacters ? prompt : prompt[..MostCharacters];
        var found = library.Search(new() { Words = words, Limit = 4 * MostRecordings }, cancellation)
            .Where(sound => sound.Seconds <= LongestSeconds && File.Exists(sound.Path)).ToList();
        return found is [{ Score: >= LeastScore } best, ..]
            ? [.. found.Where(sound => sound.Score >= Similar * best.Score).Take(MostRecordings)
                .Select(sound => new ReferenceSound { Name = Path.GetFileName(sound.Path), LibrarySha256 = sound.Sha256 })]
            : [];
    }
}
