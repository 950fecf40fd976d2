using Grpc.Core;
using Rewas.Client;
using Rewas.Library.Scanning;
using Rewas.Library.Searching;
using Rewas.Sound.Curves;
using Rewas.V1;
using FoundSound = Rewas.Library.Searching.FoundSound;

namespace Rewas.Cli.Library;

/// <summary>The library of a gateway or of <c>rewas serve</c>.</summary>
static class ServedLibrary
{
    const string Stage = "SoundLibrary";

    /// <exception cref="StageFailure">The service refused the search, or cannot be reached.</exception>
    public static async Task<IReadOnlyList<FoundSound>> SearchAsync(RewasClient client, SearchQuery query, CancellationToken cancel)
    {
        var request = new SearchSoundsRequest { Words = query.Words, Curve = query.Curve?.ToMessage(), Limit = query.Limit };
        try
        {
            var answer = await client.Library.SearchSoundsAsync(request, cancellationToken: cancel);
            return [.. answer.Sounds.Select(Of)];
        }
        catch (RpcException failure)
        {
            cancel.ThrowIfCancellationRequested();
            throw StageFailure.From(Stage, failure);
        }
    }

    static FoundSound Of(V1.FoundSound found)
    {
        var fit = found.Fit is { } given ? new CurveFit(given.Beats, given.WantedBeats, given.Course) : null;
        var why = new SearchReason([.. found.Words], found.HasMeaning ? found.Meaning : null, found.HasHeard ? found.Heard : null, fit);
        return new(Of(found.Sound), found.Score, why);
    }

    static IndexedSound Of(LibrarySound sound) => new(
        sound.Path, sound.Sha256, sound.Seconds, sound.SampleRate, sound.Channels, sound.HasLoudness ? sound.Loudness : null, sound.Onsets,
        sound.Words, sound.Tags, sound.Missing);
}
