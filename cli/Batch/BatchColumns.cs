using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>
/// The columns of a manifest: file, output, and the options of the table, by their names. All but file and prompt may be left out or empty.
/// </summary>
static class BatchColumns
{
    public const string File = "file", Output = "output";

    static readonly string Prompt = OrderTable.Prompt.Name;

    static readonly IReadOnlyList<string> Names =
        [
            File,
            Output,
            Prompt,
            .. OrderTable.All.Where(option => option.Faces.HasFlag(OptionFaces.Manifest) && option != OrderTable.Prompt)
                .Select(option => option.Name),
        ];

    /// <summary>Of a manifest that does not name them.</summary>
    public static readonly IReadOnlyList<string> Usual = [File, Prompt];

    public static string All { get; } = string.Join(", ", Names);

    /// <summary>Whether a text is a column's name but for its case.</summary>
    public static bool IsName(string text) => Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a line names columns instead of having fields. Options' names on the wire are taken too.</summary>
    /// <exception cref="InputFault">It names file and prompt, but also something unknown, or something twice.</exception>
    public static bool AreNames(IReadOnlyList<string> fields)
    {
        if (!fields.Contains(File) || !fields.Contains(Prompt))
            return false;
        if (fields.Where(name => !Names.Contains(Canonical(name))).ToList() is { Count: > 0 } unknown)
            throw InputFault.Invalid(
                "line 1",
                $"columns are {All}, but it names "
                + $"'{string.Join("', '", unknown.Select(name => name.Length <= 40 ? name : name[..40] + "..."))}'");
        return fields.Select(Canonical).Distinct().Count() == fields.Count
            ? true
            : throw InputFault.Invalid("line 1", "must name each column once");
    }

    /// <exception cref="InputFault">Tells every value that cannot be read or is out of range.</exception>
    public static JobItem Read(IReadOnlyDictionary<string, string> values)
    {
        var text = new OrderText();
        foreach (var option in OrderTable.All)
            if (values.TryGetValue(option.Name, out var value))
                text.Set(option, value);
        var order = text.Complete();
        return new() { Options = order.Options, Environment = order.Environment, Finish = order.Finish ?? new() };
    }

    /// <summary>A column by its own name, whatever name it was given.</summary>
    public static string Canonical(string name) => name is File or Output ? name : OrderTable.Find(name)?.Name ?? name;
}
