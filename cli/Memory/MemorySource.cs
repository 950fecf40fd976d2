using System.Text.RegularExpressions;
using Rewas.Clip.Faults;
using Rewas.Sound;

namespace Rewas.Cli.Memory;

/// <summary>A recording that may become part of a memory.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Label">What is heard.</param>
/// <param name="Caption">In words; null where the index has none.</param>
/// <param name="Author">As the index gives it.</param>
/// <param name="Source">Address or repository.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
sealed partial record MemorySource(string Path, string Label, string? Caption, string Author, string Source, string Licence)
{
    /// <summary>What the judges of generated sound learn from. No recording of it may be in what is judged.</summary>
    const string JudgedSet = "ESC-10", JudgesFold = "4";

    static readonly string[] FreeLicences = ["CC0", "public domain"];

    /// <summary>
    /// The rows of folders with an index.csv that may be shipped: free of rights, marked "ship" where the index has that column, and
    /// neither of the judges' fold nor of one to be left out, nor cut from the same original as one of those.
    /// </summary>
    /// <param name="folders">Each with an index.csv of columns file, label, licence, author, and url or source.</param>
    /// <param name="withoutFold">Another fold to leave out, to measure with; null for none.</param>
    /// <exception cref="InputFault">An index is missing or has not such columns.</exception>
    public static IReadOnlyList<MemorySource> Read(IEnumerable<string> folders, int? withoutFold)
    {
        var rows = folders.SelectMany(Rows).ToList();
        bool IsLeftOut(Dictionary<string, string> row) =>
            row.GetValueOrDefault("set") == JudgedSet
                && (
                    row.GetValueOrDefault("fold") == JudgesFold
                        || row.GetValueOrDefault("fold") == withoutFold?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var leftOut = rows.Where(IsLeftOut).SelectMany(Originals).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. rows.Where(row =>
                !IsLeftOut(row)
                    && FreeLicences.Contains(row["licence"])
                    && IsName(row["author"])
                    && row.GetValueOrDefault("ship", "yes") == "yes"
                    && !Originals(row).Any(leftOut.Contains))
                .Select(
                    row => new MemorySource(row["path"], row["label"], Said(row, "caption"), row["author"], SourceOf(row), row["licence"])),
        ];
    }

    /// <summary>Where it was published: the address, or what else the index says, or the set and the file.</summary>
    static string SourceOf(Dictionary<string, string> row) =>
        Said(row, "url") ?? Said(row, "source") ?? $"{Said(row, "set") ?? "this index"}: {row["file"]}";

    /// <summary>A field of a row; null where it is missing or blank.</summary>
    static string? Said(Dictionary<string, string> row, string column) =>
        row.GetValueOrDefault(column) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>Nobody can be thanked by the remains of a list's markup.</summary>
    static bool IsName(string author) => author.Any(char.IsLetter) && author[0] != '[';

    static IEnumerable<Dictionary<string, string>> Rows(string folder)
    {
        var root = System.IO.Path.GetFullPath(folder) + System.IO.Path.DirectorySeparatorChar;
        foreach (var indexed in RecordingIndex.Read(folder, "file", "label", "licence", "author"))
        {
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, indexed["file"]));
            if (!path.StartsWith(root, StringComparison.Ordinal))
                throw InputFault.Invalid("recordings", $"'{indexed["file"]}' lies outside the folder");
            yield return new(indexed) { ["path"] = path };
        }
    }

    /// <summary>The numbers of freesound.org in a row: the same original has the same one, whoever cut it.</summary>
    static IEnumerable<string> Originals(Dictionary<string, string> row) =>
        OriginalPattern()
            .Matches($"{row["author"]} {row.GetValueOrDefault("url")} {row.GetValueOrDefault("source")}")
            .Select(match => match.Groups[1].Value)
            .Concat(
                row.GetValueOrDefault("set")?.StartsWith("ESC", StringComparison.Ordinal) == true
                    ? FileNumber().Matches(row["file"]).Select(match => match.Groups[1].Value)
                    : []);

    [GeneratedRegex("freesound\\.org.{0,60}?([0-9]{2,})")]
    private static partial Regex OriginalPattern();

    [GeneratedRegex("/[0-9]-([0-9]+)-[A-Z]-")]
    private static partial Regex FileNumber();
}
