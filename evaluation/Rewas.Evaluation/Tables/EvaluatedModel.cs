using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Evaluation.Scenes.DataSets;

namespace Rewas.Evaluation.Tables;

/// <summary>An evaluated model: a row of the table.</summary>
/// <param name="Name">As given, e.g. "onset" or "ours-v2".</param>
/// <param name="Control">One of <see cref="ControlNames.All"/>.</param>
/// <param name="Bundle">Name or folder of its bundle.</param>
/// <param name="IsChecked">Whether prompts first pass the conflict check, and its suggestions are used.</param>
public sealed record EvaluatedModel(string Name, string Control, string Bundle, bool IsChecked = false)
{
    const string Check = "+check";

    /// <summary>Parses KIND, KIND=BUNDLE or NAME:KIND=BUNDLE, separated by commas. A KIND may end in "+check".</summary>
    /// <param name="defaultBundle">Bundle of models that name none.</param>
    /// <exception cref="InputFault">The text has another form.</exception>
    public static IReadOnlyList<EvaluatedModel> Parse(string text, string defaultBundle)
    {
        var models = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var (left, bundle) = part.Split('=', 2) is [var l, var b] ? (l, b) : (part, defaultBundle);
            var (name, kind) = left.Split(':', 2) is [var n, var k] ? (n, k) : (left.Replace('+', '-'), left);
            var control = kind.EndsWith(Check, StringComparison.Ordinal) ? kind[..^Check.Length] : kind;
            if (!ControlNames.All.Contains(control))
                throw InputFault.Invalid(
                    "models",
                    $"must be {string.Join(", ", ControlNames.All)}, as KIND, KIND+check, KIND=BUNDLE or NAME:KIND=BUNDLE, " +
                    $"but one is '{part}'");
            return EvaluationSet.FileName(name) == name && name.Length > 0
                ? new EvaluatedModel(name, control, bundle, control != kind)
                : throw InputFault.Invalid("models", $"a name must be letters, digits, '.', '_' and '-', but one is '{name}'");
        }).ToList();
        if (models.Count == 0)
            throw InputFault.Invalid("models", $"must name at least one of {string.Join(", ", ControlNames.All)}");
        return models.DistinctBy(model => model.Name).Count() == models.Count
            ? models
            : throw InputFault.Invalid("models", "two have the same name; give them names: NAME:KIND=BUNDLE");
    }
}
