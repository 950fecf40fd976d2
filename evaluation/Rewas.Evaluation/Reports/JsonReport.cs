using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rewas.Evaluation.Reports;

/// <summary>The report for programs: every figure with its network, interval and count, and the values of every clip.</summary>
static class JsonReport
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string Of(EvaluationReport report) => JsonSerializer.Serialize(
        new
        {
            report.Title,
            report.Notes,
            Systems = report.Systems.Select(system => new
            {
                system.Name,
                system.Figures,
                Clips = system.Clips.Select(clip => new { Name = clip.Clip, clip.Values }),
            }),
        },
        Json) + "\n";
}
