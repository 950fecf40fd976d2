using System.Globalization;
using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.PromptCheck;

/// <summary>An object that a user's own detector has seen in a video.</summary>
/// <param name="Label">As the detector calls it.</param>
/// <param name="Score">Its confidence, 0 to 1.</param>
/// <param name="From">Start, s; null for the whole video.</param>
/// <param name="To">End, s.</param>
public sealed record SeenObject(string Label, double Score = 1, double? From = null, double? To = null)
{
    /// <summary>What the label names, in the taxonomy of the check; empty if the taxonomy has no such source.</summary>
    public IReadOnlyList<Concept> Concepts { get; } = [.. PromptReading.Of(Label).Sources.SelectMany(source => source.Concepts).Distinct()];
}

/// <summary>
/// The objects in a video, from a file that a user brings: what a detector of their choice found. The platform ships no detector.
/// </summary>
/// <param name="By">The file's name, for evidence.</param>
public sealed record SeenObjects(string By, IReadOnlyList<SeenObject> All)
{
    const string Field = "objects";
    const int MostObjects = 20_000, MostCharacters = 100;
    const long MostBytes = 16 << 20;

    /// <summary>Least confidence of a detection that counts.</summary>
    public const double LeastScore = 0.3;

    /// <summary>
    /// Probability that a source is not in the picture if no detection names it. Below 1: detectors miss things, and many sounds have no
    /// object.
    /// </summary>
    const double NotSeenIfMissed = 0.9;

    /// <summary>The objects that count, the surest first, each label once.</summary>
    public IReadOnlyList<SeenObject> Sure { get; } =
        [.. All.Where(one => one.Score >= LeastScore).GroupBy(one => one.Label).Select(same => same.MaxBy(one => one.Score)!)
            .OrderByDescending(one => one.Score)];

    /// <summary>Reads a JSON list of objects with label, score, from and to, or a CSV file with those columns.</summary>
    /// <exception cref="InputFault">The file is missing, too large, or holds something else.</exception>
    public static SeenObjects Read(string path)
    {
        InputFile.Find(path, Field);
        try
        {
            if (new FileInfo(path).Length is > MostBytes and var bytes)
                throw InputFault.Exhausted(Field, $"'{path}' must have at most {MostBytes} bytes, but has {bytes}");
            var objects = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
                ? OfJson(File.ReadAllBytes(path), path) : OfCsv(File.ReadAllLines(path), path);
            foreach (var (one, number) in objects.Select((one, number) => (one, number + 1)))
                InputFault.ThrowIfAny([.. Faults(one, $"{Field}: entry {number} of '{path}'")]);
            return new(Path.GetFileName(path), objects);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Reading(Field, path, e);
        }
        catch (JsonException e)
        {
            throw InputFault.Invalid(Field, $"'{path}' is no JSON list of objects with a label: {e.Message}", e);
        }
    }

    /// <summary>Probability that a source is not in the picture.</summary>
    public double NotSeen(NamedSource source)
    {
        var seen = Sure.Select(one => one.Score * source.Concepts.Max(concept => Matches(one, concept))).DefaultIfEmpty(0).Max();
        return Math.Min(NotSeenIfMissed, 1 - seen);
    }

    /// <summary>True if the taxonomy knows one of the objects, so that they can speak for or against a source.</summary>
    public bool CanJudge => Sure.Any(one => one.Concepts.Count > 0);

    public override string ToString() => string.Join(", ", Sure.Take(5).Select(one => one.Label));

    static double Matches(SeenObject one, Concept concept) =>
        one.Concepts.Contains(concept) ? 1 : one.Concepts.Any(other => other.Family == concept.Family) ? 0.4 : 0;

    static List<SeenObject> OfJson(byte[] json, string path)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new JsonException($"it is {document.RootElement.ValueKind}");
        ThrowIfTooMany(document.RootElement.GetArrayLength(), path);
        return [.. document.RootElement.EnumerateArray().Select(one => new SeenObject(
            one.ValueKind == JsonValueKind.Object && one.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.String
                ? Bounded(label.GetString()!) : throw new JsonException("an entry has no label"),
            Number(one, "score") ?? 1, Number(one, "from"), Number(one, "to")))];
    }

    static double? Number(JsonElement one, string name) => !one.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
        : throw new JsonException($"{name} is no number");

    static List<SeenObject> OfCsv(string[] lines, string path)
    {
        ThrowIfTooMany(lines.Length, path);
        var columns = lines.Length > 0 ? lines[0].Split(',', StringSplitOptions.TrimEntries).ToList() : [];
        var label = columns.IndexOf("label");
        if (label < 0)
            throw InputFault.Invalid(Field, $"'{path}' must have a first line with the column label, and may have score, from and to");
        return [.. lines.Skip(1).Where(line => line.Trim().Length > 0).Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Select(cells => new SeenObject(
                label < cells.Length ? Bounded(cells[label].Trim('"')) : "",
                Cell(cells, "score") ?? 1, Cell(cells, "from"), Cell(cells, "to")))];

        double? Cell(string[] cells, string name) => columns.IndexOf(name) is >= 0 and var at && at < cells.Length && cells[at].Length > 0
            ? double.TryParse(cells[at], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                : throw InputFault.Invalid(Field, $"'{path}': {name} must be a number, but is '{Bounded(cells[at])}'")
            : null;
    }

    static void ThrowIfTooMany(int count, string path)
    {
        if (count > MostObjects)
            throw InputFault.Exhausted(Field, $"'{path}' must have at most {MostObjects} entries, but has {count}");
    }

    static string Bounded(string label) => label.Length <= MostCharacters ? label : label[..MostCharacters];

    static IEnumerable<InputFault> Faults(SeenObject one, string field)
    {
        if (one.Label.Length == 0)
            yield return InputFault.Invalid(field, "label must have 1 character or more, but is empty");
        foreach (var fault in InputFault.OutOfRange(field, one.Score, 0, 1))
            yield return fault;
        if (one is { From: { } from, To: { } to } && !(from >= 0 && to >= from))
            yield return InputFault.Invalid(
                field, FormattableString.Invariant($"from and to must be times in order, but are {from} and {to}"));
    }
}
