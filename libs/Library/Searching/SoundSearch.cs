using System.Numerics.Tensors;
using Microsoft.Data.Sqlite;
using Rewas.Library.Data;
using Rewas.Library.Measuring;
using Rewas.Text;

namespace Rewas.Library.Searching;

/// <summary>Finds recordings by words, by meaning, by sound, and by a picture's curve. It is thread-safe.</summary>
sealed class SoundSearch(LibraryDatabase database, Func<SoundSpace?> space) : IDisposable
{
    const double WordsShare = 0.5, MeaningShare = 0.35, SoundShare = 0.15;   // shares of the score

    /// <summary>Weight of a word in folders and tags. A word in the name has weight 1.</summary>
    const double ElsewhereShare = 0.7;

    /// <summary>Cosines that score 0, and cosines that score 1.</summary>
    static readonly (double From, double To) MeaningRange = (0.2, 0.85), SoundRange = (0.2, 0.8);

    /// <summary>Recordings with a lower score are not results.</summary>
    const double LeastScore = 0.06;

    /// <summary>Number of recordings for which the fit is computed in full: the best ones by words and beats.</summary>
    const int MostFits = 400;

    readonly Lock gate = new();
    SqliteConnection? watching;
    (SoundTable Table, long Version, string? Space)? loaded;

    /// <exception cref="Rewas.Clip.Faults.InputFault">The query is invalid, or the index cannot be used.</exception>
    public IReadOnlyList<FoundSound> Find(SearchQuery query, CancellationToken cancellation)
    {
        query.ThrowIfInvalid();
        return database.Use(opened =>
        {
            var table = Current();
            if (table.Count == 0)
                return [];
            var scores = Score(table, query, opened, cancellation);
            return (IReadOnlyList<FoundSound>)[.. Details(opened, table, scores, query, cancellation)];
        });
    }

    public void Dispose() => watching?.Dispose();

    /// <summary>The current table. It is reloaded after another connection has changed the index.</summary>
    SoundTable Current()
    {
        var name = space()?.Name;
        lock (gate)
        {
            watching ??= database.Open();
            using var command = new SqliteCommand("PRAGMA data_version", watching);
            var version = (long)command.ExecuteScalar()!;
            if (loaded is not { } known || known.Version != version || known.Space != name)
                loaded = (SoundTable.Load(watching, name), version, name);
            return loaded.Value.Table;
        }
    }

    /// <summary>All recordings with a sufficient score, the best first.</summary>
    List<(int Row, double Score, SearchReason Why)> Score(SoundTable table, SearchQuery query, SqliteConnection opened,
        CancellationToken cancellation)
    {
        var hits = string.IsNullOrWhiteSpace(query.Words) ? Everything(table) : ByWords(table, query.Words, opened, cancellation);
        if (query.Curve is not null && hits.Count > 0)
            hits = ByCurve(table, hits, EnergyCourse.OfCurve(query.Curve));
        hits.Sort((a, b) => b.Score.CompareTo(a.Score) is not 0 and var order ? order : table.Files[a.Row].CompareTo(table.Files[b.Row]));
        return hits;
    }

    static List<(int Row, double Score, SearchReason Why)> Everything(SoundTable table) =>
        [.. Enumerable.Range(0, table.Count).Select(row => (row, 0.0, new SearchReason([], null, null, null)))];

    List<(int Row, double Score, SearchReason Why)> ByWords(SoundTable table, string text, SqliteConnection opened,
        CancellationToken cancellation)
    {
        var (matched, shares) = Matches(table, QueryWords.Of(text), opened);
        var meaning = SentenceEncoder.Shared.Encode(text, cancellation);
        var heard = space() is { } known && table.SoundChannels > 0 ? known.OfText(text, cancellation) : null;
        if (heard?.Length != table.SoundChannels)
            heard = null;
        var hits = new List<(int, double, SearchReason)>();
        for (var row = 0; row < table.Count; row++)
        {
            var ofMeaning = TensorPrimitives.Dot(meaning, table.Meaning(row));
            double? ofSound = heard is not null && table.HasSoundVector(row) ? TensorPrimitives.Dot(heard, table.SoundVector(row)) : null;
            var score = WordsShare * shares[row] + MeaningShare * Within(ofMeaning, MeaningRange)
                + SoundShare * Within(ofSound ?? 0, SoundRange);
            if (score >= LeastScore)
                hits.Add((row, score, new(matched[row] ?? [], ofMeaning, ofSound, null)));
        }
        return hits;
    }

    /// <summary>
    /// For each file, its words of the search and their share of the search. Rare words weigh more (inverse document frequency).
    /// </summary>
    static (List<string>?[] Matched, double[] Shares) Matches(SoundTable table, IReadOnlyList<string> words, SqliteConnection opened)
    {
        var (matched, shares, whole) = (new List<string>?[table.Count], new double[table.Count], 0.0);
        foreach (var word in words)
        {
            var anywhere = Rows(table, opened, $"\"{word}\"");
            var weight = Math.Log(1 + table.Count / (1.0 + anywhere.Count));
            whole += weight;
            if (anywhere.Count == 0)
                continue;
            var inName = Rows(table, opened, $"name : \"{word}\"").ToHashSet();
            foreach (var row in anywhere)
            {
                (matched[row] ??= []).Add(word);
                shares[row] += weight * (inName.Contains(row) ? 1 : ElsewhereShare);
            }
        }
        if (whole > 0)
            TensorPrimitives.Divide(shares, whole, shares);
        return (matched, shares);
    }

    /// <summary>Rows of the table with matching words.</summary>
    /// <param name="match">A query for FTS5: quoted words of letters and digits only.</param>
    static List<int> Rows(SoundTable table, SqliteConnection opened, string match)
    {
        using var command = new SqliteCommand("SELECT rowid FROM file_words WHERE file_words MATCH @match", opened);
        command.Parameters.AddWithValue("@match", match);
        using var found = command.ExecuteReader();
        var rows = new List<int>();
        while (found.Read())
            if (Array.BinarySearch(table.Files, found.GetInt64(0)) is >= 0 and var row)
                rows.Add(row);
        return rows;
    }

    /// <summary>With words, the fit gives half of the score; without words, all of it. Silence fits nothing.</summary>
    static List<(int Row, double Score, SearchReason Why)> ByCurve(SoundTable table, List<(int Row, double Score, SearchReason Why)> hits,
        EnergyCourse picture)
    {
        var best = hits.Max(hit => hit.Score);
        var first = hits.Where(hit => table.Courses[hit.Row] is not null)
            .OrderByDescending(hit =>
                (best > 0 ? hit.Score / best : 1) * CurveFit.BeatFit(table.Courses[hit.Row]!.BeatsPerSecond, picture.BeatsPerSecond))
            .Take(MostFits);
        return
        [
            .. first.Select(hit =>
            {
                var fit = CurveFit.Of(table.Courses[hit.Row]!, picture);
                return (hit.Row, best > 0 ? (hit.Score / best + fit.Total) / 2 : fit.Total, hit.Why with { Fit = fit });
            }),
        ];
    }

    /// <summary>One existing file for each recording, up to the limit.</summary>
    static IEnumerable<FoundSound> Details(
        SqliteConnection opened, SoundTable table, List<(int Row, double Score, SearchReason Why)> hits, SearchQuery query,
        CancellationToken cancellation)
    {
        var (told, left) = (new HashSet<long>(), query.Limit);
        foreach (var (row, score, why) in hits)
        {
            cancellation.ThrowIfCancellationRequested();
            if (left == 0)
                yield break;
            if (told.Contains(table.Sounds[row]) || SoundList.Read(opened, table.Files[row]) is not { } sound || !File.Exists(sound.Path))
                continue;
            told.Add(table.Sounds[row]);
            left--;
            yield return new(sound, Math.Min(1, score), why);
        }
    }

    static double Within(double cosine, (double From, double To) range) =>
        Math.Clamp((cosine - range.From) / (range.To - range.From), 0, 1);
}
