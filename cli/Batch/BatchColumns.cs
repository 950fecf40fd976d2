using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>
/// The columns of a manifest: file, output, and the options of the table by name. All except file and prompt are optional.
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

    /// <summary>The columns of a manifest without a header.</summary>
    public static readonly IReadOnlyList<string> Usual = [File, Prompt];

    public static string All { get; } = string.Join(", ", Names);

    /// <summary>True if a text is a column's name, ignoring case.</summary>
    public static bool IsName(string text) => Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>True if the line is a header, not an item. Wire names of options are accepted too.</summary>
    /// <exception cref="InputFault">The line names file and prompt, but also an unknown or repeated column.</exception>
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

    /// <exception cref="InputFault">Lists every value that cannot be read or is out of range.</exception>
    public static JobItem Read(IReadOnlyDictionary<string, string> values)
    {
        var text = new OrderText();
        foreach (var option in OrderTable.All)
            if (values.TryGetValue(option.Name, out var value))
                text.Set(option, value);
        var order = text.Complete();
        return new()
        {
            Options = order.Options,
            Environment = order.Environment,
            Finish = order.Finish ?? new(),
            References = order.References,
        };
    }

    /// <summary>The column's own name, given that name or its wire name.</summary>
    public static string Canonical(string name) => name is File or Output ? name : OrderTable.Find(name)?.Name ?? name;
}
