using nietras.SeparatedValues;

namespace Rewas.Clip.Files;

/// <summary>A line of comma-separated values (RFC 4180, without line breaks inside quotes).</summary>
public static class CsvLine
{
    /// <summary>No line is a header, and each may have any number of fields.</summary>
    public static SepReaderOptions Options { get; } = Sep.New(',').Reader(
        options => options with { HasHeader = false, Unescape = true, DisableColCountCheck = true });

    public static IReadOnlyList<string> Fields(string line)
    {
        using var reader = Options.FromText(line);
        return reader.MoveNext() ? FieldsOf(reader.Current) : [""];
    }

    /// <summary>A field as it is written.</summary>
    public static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    public static List<string> FieldsOf(SepReader.Row row)
    {
        var fields = new List<string>(row.ColCount);
        for (var column = 0; column < row.ColCount; column++)
            fields.Add(row[column].ToString());
        return fields;
    }
}
