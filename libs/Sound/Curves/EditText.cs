using System.Reflection;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>An edit in one line, as on the command line: a name and an argument.</summary>
public static class EditText
{
    /// <summary>Every edit's name, and how its argument is written. In the order of the message `CurveEdit`.</summary>
    public static IReadOnlyList<EditForm> Forms { get; } =
    [
        .. EditMessages.RecordTypes.SelectMany(record => record.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(EditForm)).Select(property => (EditForm)property.GetValue(null)!),
    ];

    /// <summary>Reads "gain 1.2s..2s=-12dB".</summary>
    /// <exception cref="InputFault">There is no such edit, or its argument cannot be read.</exception>
    public static ValueTask<CurveEdit> ParseAsync(string text, CurveSource open)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? ParseAsync(text[..space], text[(space + 1)..], open) : ParseAsync(text, "", open);
    }

    /// <param name="name">One of <see cref="Forms"/>.</param>
    /// <param name="argument">As described there.</param>
    /// <param name="open">Opens what replace and blend name.</param>
    /// <exception cref="InputFault">No such edit, or its argument cannot be read.</exception>
    public static async ValueTask<CurveEdit> ParseAsync(string name, string argument, CurveSource open) =>
        Forms.FirstOrDefault(form => form.Name == name) is { } form
            ? await form.Read(EditArgument.Of(name, argument, open))
            : throw InputFault.Invalid("edit", $"must be one of {string.Join(", ", Forms.Select(form => form.Name))}, but is '{name}'");
}
