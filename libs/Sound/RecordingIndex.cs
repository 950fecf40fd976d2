using Rewas.Clip.Faults;
using Rewas.Clip.Files;
using nietras.SeparatedValues;

namespace Rewas.Sound;

/// <summary>
/// The <c>index.csv</c> of a folder of labelled recordings (RFC 4180). The first line names the columns, each further line is a recording.
/// </summary>
public static class RecordingIndex
{
    public const string FileName = "index.csv";
    const string Field = "recordings", Alternative = " or ";

    /// <param name="columns">Columns that it must have. "url or source" asks for one of the two.</param>
    /// <returns>The recordings in their order, each with its fields by column.</returns>
    /// <exception cref="InputFault">
    /// NotFound: there is no index. Invalid: a column is missing, or a line has more or fewer fields than there are columns.
    /// </exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string folder, params IReadOnlyList<string> columns)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw InputFault.NotFound(Field, $"'{path}' does not exist");
        try
        {
            return Rows(path, columns);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Reading(Field, path, failure);
        }
        catch (Exception failure) when (failure is InvalidDataException or NotSupportedException)
        {
            throw InputFault.Invalid(Field, $"'{path}' cannot be read: {failure.Message}", failure);
        }
    }

    static List<IReadOnlyDictionary<string, string>> Rows(string path, IReadOnlyList<string> columns)
    {
        using var reader = CsvLine.Options.FromFile(path);
        var header = reader.MoveNext() ? CsvLine.FieldsOf(reader.Current) : [];
        if (columns.Any(column => !column.Split(Alternative).Any(header.Contains)))
            throw InputFault.Invalid(Field, $"'{path}' must have the columns {string.Join(", ", columns)}");
        var rows = new List<IReadOnlyDictionary<string, string>>();
        while (reader.MoveNext())
        {
            if (reader.Current.Span.IsEmpty)
                continue;
            var fields = CsvLine.FieldsOf(reader.Current);
            if (fields.Count != header.Count)
            {
                var line = reader.Current.LineNumberFrom;
                throw InputFault.Invalid(Field, $"'{path}', line {line}: must have {header.Count} fields, but has {fields.Count}");
            }
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (column, field) in header.Zip(fields))
                row.TryAdd(column, field);
            rows.Add(row);
        }
        return rows;
    }
}
