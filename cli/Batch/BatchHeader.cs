using Rewas.Clip.Faults;
using Rewas.Clip.Files;

namespace Rewas.Cli.Batch;

/// <summary>The header of a manifest. Without one the first line is already an item.</summary>
/// <param name="Columns">The columns of every line.</param>
/// <param name="Lines">Lines that the header takes: 0 or 1.</param>
sealed record BatchHeader(IReadOnlyList<string> Columns, int Lines)
{
    const int MostCharacters = 16_384;

    /// <summary>Separators that spreadsheets write where the comma is the decimal mark.</summary>
    static readonly (char Separator, string Name)[] OtherSeparators = [(';', "';'"), ('\t', "tabs")];

    static readonly BatchHeader None = new(BatchColumns.Usual, 0);

    /// <param name="line">The first line.</param>
    /// <param name="videos">Folder of the videos. If it holds a file with a column's name, the line is an item.</param>
    /// <exception cref="InputFault">The line looks like a header, but its names are not columns.</exception>
    public static BatchHeader Read(string line, string videos)
    {
        if (line.Length > MostCharacters)
            return None;
        var names = CsvLine.Fields(line);
        if (BatchColumns.AreNames(names))
            return new(names, 1);
        string[] meant = [.. line.Split([',', ';', '\t']).Select(name => name.Trim(' ', '"', '\''))];
        if (!meant.Any(BatchColumns.IsName) || File.Exists(Path.Combine(videos, names[0])))
            return None;
        ThrowUnlessPartedByCommas(line, names, "line 1", $"columns must be separated by commas ({string.Join(',', BatchColumns.Usual)})");
        throw names.Any(name => name != name.Trim()) ? Wrong("must not have spaces around the names of columns")
            : names.Any(name => name.Any(char.IsUpper)) ? Wrong("must write the names of columns in lower case")
            : Wrong($"must name the columns {string.Join(" and ", BatchColumns.Usual)}");

        InputFault Wrong(string what) =>
            InputFault.Invalid("line 1", $"{what}, but is '{(line.Length <= 80 ? line : line[..80] + "...")}'");
    }

    /// <exception cref="InputFault">The line has one field, but would have several with another separator.</exception>
    public static void ThrowUnlessPartedByCommas(
        string line, IReadOnlyList<string> fields, string field = "line", string must = "fields must be separated by commas")
    {
        foreach (var (separator, name) in OtherSeparators)
            if (fields.Count == 1 && line.Contains(separator))
                throw InputFault.Invalid(field, $"{must}, but are separated by {name}");
    }
}
