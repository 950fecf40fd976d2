using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rewas.PromptCheck;

namespace Rewas.Cli.Checking;

/// <summary>Writes conflict reports as text and as JSON.</summary>
static class ConflictOutput
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Text(ConflictReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Verdict.ToString().ToLowerInvariant()} (score {report.Score:0.00})");
        if (report.Words is { } words)
            text.AppendLine(CultureInfo.InvariantCulture, $"  understood: {words.Summary()}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  seen: {report.Caption.Text}");
        if (report.Abstained)
            text.AppendLine(CultureInfo.InvariantCulture, $"  not compared with the picture, because {report.Why}");
        if (report.WouldHelp.Length > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"  would help: {report.WouldHelp}");
        foreach (var finding in report.Findings)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {finding.Detector}: \"{finding.Text}\": {finding.Evidence} (severity {finding.Severity:0.00}, confidence "
                + $"{finding.Confidence:0.00})");
        foreach (var suggestion in report.Suggestions)
            text.AppendLine(CultureInfo.InvariantCulture, $"  try: {suggestion}");
        return text.ToString().TrimEnd();
    }
}
