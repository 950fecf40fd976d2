using System.ComponentModel;
using System.Globalization;
using Rewas.Protocol;
using Rewas.V1;

namespace Rewas.Gateway.Web.Checks;

/// <summary>What the platform sees in a file.</summary>
sealed record AnalysisView
{
    [Description("Length of the picture, s.")]
    public required double Seconds { get; init; }

    [Description("Average frames per second of the file.")]
    public required double FrameRate { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    [Description("Codec of the picture, such as h264.")]
    public required string Codec { get; init; }

    public required bool HasAudio { get; init; }

    [Description(
        "The energy predicted from the picture: mean natural-log mel magnitude, 100 values a second, -11.512925 (silence) to 2. It can be "
        + "changed and given as the curve of a sound.")]
    public required IReadOnlyList<float> Curve { get; init; }

    [Description("Onsets of the sound, s; empty if the model does not predict them.")]
    public required IReadOnlyList<double> Onsets { get; init; }

    [Description("Cuts of the picture, s.")]
    public required IReadOnlyList<double> Cuts { get; init; }

    [Description("What is seen, in plain words. It names nothing that is not sure.")]
    public required string Caption { get; init; }

    [Description("What is seen, by the name that the prompt check uses; absent if unknown.")]
    public string? Concept { get; init; }

    [Description("Probability that the concept is right, 0 to 1.")]
    public required double Confidence { get; init; }

    [Description("Course of the energy: silent, single, repeated or sustained.")]
    public required string Course { get; init; }

    [Description("Address of pictures of the file, side by side, as PNG.")]
    public required string Filmstrip { get; init; }

    public static AnalysisView Of(string file, AnalyseResponse seen) => new()
    {
        Seconds = seen.Video.Duration.ToTimeSpan().TotalSeconds,
        FrameRate = seen.Video.FrameRate,
        Width = seen.Video.Width,
        Height = seen.Video.Height,
        Codec = seen.Video.Codec,
        HasAudio = seen.Video.HasAudio,
        Curve = seen.Curve.Energy.ToFloatTensor("curve", -1).Floats.ToArray(),
        Onsets = seen.OnsetSeconds,
        Cuts = seen.Caption.CutSeconds,
        Caption = seen.Caption.Text,
        Concept = seen.Caption.Concept.Length > 0 ? seen.Caption.Concept : null,
        Confidence = seen.Caption.Confidence,
        Course = seen.Caption.Course,
        Filmstrip = string.Create(CultureInfo.InvariantCulture, $"/v1/files/{file}/filmstrip"),
    };
}
