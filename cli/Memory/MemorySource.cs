using System.Text.RegularExpressions;
using Rewas.Clip.Faults;
using Rewas.Sound;

namespace Rewas.Cli.Memory;

/// <summary>A recording that may become part of a memory.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Label">The class of the sound.</param>
/// <param name="Caption">A description; null if the index has none.</param>
/// <param name="Author">As the index gives it.</param>
/// <param name="Source">Address or repository.</param>
/// <param name="Licence">"CC0" or "public domain".</param>
sealed partial record MemorySource(string Path, string Label, string? Caption, string Author, string Source, string Licence)
{
    /// <summary>The data on which the judges of generated sound are trained. A memory must not contain its recordings.</summary>
    const string JudgedSet = "ESC-10", JudgesFold = "4";

    static readonly string[] FreeLicences = ["CC0", "public domain"];

    /// <summary>
    /// The rows that may be shipped, from folders with an index.csv. They are free of rights, and marked "ship" if the index has that
    /// column. Rows of the judges' fold and of the excluded fold are left out, and so is any other cut of the same original.
    /// </summary>
    /// <param name="folders">Folders with an index.csv. Its columns are file, label, licence, author, and url or source.</param>
    /// <param name="withoutFold">Another fold to exclude, kept for measuring; null for none.</param>
    /// <exception cref="InputFault">An index is missing or lacks a column.</exception>
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

    /// <summary>Where the recording was published: the address, or another field of the index, or the set and the file.</summary>
    static string SourceOf(Dictionary<string, string> row) =>
        Said(row, "url") ?? Said(row, "source") ?? $"{Said(row, "set") ?? "this index"}: {row["file"]}";

    /// <summary>A field of a row; null where it is missing or blank.</summary>
    static string? Said(Dictionary<string, string> row, string column) =>
        row.GetValueOrDefault(column) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>False for leftovers of list markup, which are not an author's name.</summary>
    static bool IsName(string author) => author.Any(char.IsLetter) && author[0] != '[';

    static IEnumerable<Dictionary<string, string>> Rows(string folder)
    {
        var root = System.IO.Path.GetFullPath(folder) + System.IO.Path.DirectorySeparatorChar;
        foreach (var indexed in RecordingIndex.Read(folder, "file", "label", "licence", "author"))
        {
            var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, indexed["file"]));
            if (!path.StartsWith(root, StringComparison.Ordinal))
                throw InputFault.Invalid("recordings", $"'{indexed["file"]}' is outside the folder");
            yield return new(indexed) { ["path"] = path };
        }
    }

    /// <summary>The freesound.org numbers in a row. All cuts of one original share its number.</summary>
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
