using System.Globalization;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Cli.Batch;

/// <summary>
/// The columns of a manifest: file, output, seconds, and the options of the table by name. All except the prompt, and file or seconds, are
/// optional. A line without a file is sound without a picture, as long as its seconds say.
/// </summary>
static class BatchColumns
{
    public const string File = "file", Output = "output", Seconds = "seconds";

    static readonly string Prompt = OrderTable.Prompt.Name;

    static readonly IReadOnlyList<string> Names =
        [
            File,
            Output,
            Prompt,
            Seconds,
            .. OrderTable.All.Where(option => option.Faces.HasFlag(OptionFaces.Manifest) && option != OrderTable.Prompt)
                .Select(option => option.Name),
        ];

    /// <summary>The columns of a manifest without a header.</summary>
    public static readonly IReadOnlyList<string> Usual = [File, Prompt];

    public static string All { get; } = string.Join(", ", Names);

    /// <summary>True if a text is a column's name, ignoring case.</summary>
    public static bool IsName(string text) => Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>True if the line is a header, not an item. Wire names of options are accepted too.</summary>
    /// <exception cref="InputFault">The line names prompt, and file or seconds, but also an unknown or repeated column.</exception>
    public static bool AreNames(IReadOnlyList<string> fields)
    {
        if ((!fields.Contains(File) && !fields.Contains(Seconds)) || !fields.Contains(Prompt))
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
            Delivery = order.Delivery,
        };
    }

    /// <summary>The length of a line without a file; null for a line with one.</summary>
    /// <exception cref="InputFault">Neither or both are given, or the length is no number.</exception>
    public static double? SecondsOf(IReadOnlyDictionary<string, string> values)
    {
        var (hasFile, text) = (values.ContainsKey(File), values.GetValueOrDefault(Seconds));
        if (hasFile)
            return text is null ? null : throw InputFault.Invalid(Seconds, "must be empty with a file, which says how long the sound is");
        if (text is null)
            throw InputFault.Invalid(File, $"must be given, but is empty; for sound without a picture, give {Seconds}");
        var seconds = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number : throw InputFault.Invalid(Seconds, $"must be a number, but is '{(text.Length <= 40 ? text : text[..40] + "...")}'");
        InputFault.ThrowUnlessInRange(Seconds, seconds, WithoutPicture.Shortest, WithoutPicture.Longest);
        return seconds;
    }

    /// <summary>The column's own name, given that name or its wire name.</summary>
    public static string Canonical(string name) => name is File or Output or Seconds ? name : OrderTable.Find(name)?.Name ?? name;
}
