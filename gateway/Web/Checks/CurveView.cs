using System.ComponentModel;
using System.Text.Json;

namespace Rewas.Gateway.Web.Checks;

/// <summary>Edits to try on the energy of a file.</summary>
sealed record CurveRequest
{
    [Description("The energy to edit, as the curve of a sound. Absent: that predicted from the picture.")]
    public JsonElement? Curve { get; init; }

    [Description("Edits, in order, each as on the command line: \"gain 1.2s..2.0s=-12dB\", \"event 2.00s=-6dB\".")]
    public IReadOnlyList<string>? Edits { get; init; }
}

/// <summary>An energy curve after its edits.</summary>
sealed record CurveView
{
    [Description("Mean natural-log mel magnitude, 100 values a second, -11.512925 (silence) to 2.")]
    public required IReadOnlyList<float> Curve { get; init; }

    [Description("Where separate sounds begin, s: the steep rises of the curve.")]
    public required IReadOnlyList<double> Onsets { get; init; }
}
