using System.ComponentModel;
using System.Text.Json;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>Where the pieces of the caller's recordings lie in a sound.</summary>
sealed record PlacementView
{
    public required IReadOnlyList<PlacedRecordingView> Recordings { get; init; }

    [Description("In order of position; empty for a sound without recordings.")]
    public required IReadOnlyList<PieceView> Pieces { get; init; }

    /// <summary>Reads the pieces of the candidate that the file of a sidecar holds.</summary>
    public static PlacementView Of(JsonElement sidecar)
    {
        if (!sidecar.TryGetProperty("references", out var references))
            return new() { Recordings = [], Pieces = [] };
        var recordings = references.GetProperty("recordings").EnumerateArray().ToList();
        var first = sidecar.TryGetProperty("candidates", out var candidates) ? candidates[0].GetProperty("candidate").GetInt32() : 0;
        var placed = references.GetProperty("candidates").EnumerateArray()
            .Single(candidate => candidate.GetProperty("candidate").GetInt32() == first).GetProperty("pieces");
        return new()
        {
            Recordings = [.. recordings.Select(PlacedRecordingView.Of)],
            Pieces =
            [
                .. placed.EnumerateArray().Select(piece => PieceView.Of(
                    piece, recordings[piece.GetProperty("recording").GetInt32()].GetProperty("sampleRate").GetInt32())),
            ],
        };
    }
}

sealed record PlacedRecordingView
{
    [Description("As the order names it: the id of a file, or library: and a hash.")]
    public required string Name { get; init; }

    public required string Sha256 { get; init; }

    [Description("Length, s.")]
    public required double Seconds { get; init; }

    public required int SampleRate { get; init; }

    public required int Channels { get; init; }

    [Description("Whether the library chose it.")]
    public required bool FromLibrary { get; init; }

    public static PlacedRecordingView Of(JsonElement recording) => new()
    {
        Name = recording.GetProperty("name").GetString()!,
        Sha256 = recording.GetProperty("sha256").GetString()!,
        Seconds = recording.GetProperty("samples").GetInt64() / (double)recording.GetProperty("sampleRate").GetInt32(),
        SampleRate = recording.GetProperty("sampleRate").GetInt32(),
        Channels = recording.GetProperty("channels").GetInt32(),
        FromLibrary = recording.GetProperty("fromLibrary").GetBoolean(),
    };
}

/// <summary>A part of a recording at a position in the sound.</summary>
sealed record PieceView
{
    [Description("Names the piece in the options pin and ban. What follows @ is its position in seconds: with another one, pin moves it.")]
    public required string Id { get; init; }

    [Description("Index of the recording.")]
    public required int Recording { get; init; }

    [Description("Start in the sound, s.")]
    public required double At { get; init; }

    [Description("Duration in the sound, s.")]
    public required double Seconds { get; init; }

    [Description("Start in the recording, s.")]
    public required double SourceStart { get; init; }

    [Description("Playback speed; it changes the pitch too.")]
    public required int SpeedPercent { get; init; }

    [Description("Factor of the whole piece.")]
    public required double Gain { get; init; }

    [Description("Length of the fades, s.")]
    public required double FadeIn { get; init; }

    public required double FadeOut { get; init; }

    [Description("What the recording has before and after the piece, s.")]
    public required double HandleBefore { get; init; }

    public required double HandleAfter { get; init; }

    public static PieceView Of(JsonElement piece, int sampleRate)
    {
        return new()
        {
            Id = piece.GetProperty("id").GetString()!,
            Recording = piece.GetProperty("recording").GetInt32(),
            At = Number("atSeconds"),
            Seconds = Number("seconds"),
            SourceStart = Samples("sourceStart"),
            SpeedPercent = piece.GetProperty("speedPercent").GetInt32(),
            Gain = Number("gain"),
            FadeIn = Number("fadeInSeconds"),
            FadeOut = Number("fadeOutSeconds"),
            HandleBefore = Samples("handleBefore"),
            HandleAfter = Samples("handleAfter"),
        };

        double Number(string field) => piece.GetProperty(field).GetDouble();

        double Samples(string field) => piece.GetProperty(field).GetInt64() / (double)sampleRate;
    }
}
