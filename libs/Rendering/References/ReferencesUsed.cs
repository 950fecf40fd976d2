using Rewas.Protocol.Orders;
using Rewas.Sound.Placement;

namespace Rewas.Rendering.References;

/// <summary>The caller's own recordings in a sound, and where their pieces lie. A timeline can be written from it.</summary>
/// <param name="Recordings">All given recordings.</param>
/// <param name="Candidates">The pieces of each candidate.</param>
public sealed record ReferencesUsed(IReadOnlyList<ReferenceUsed> Recordings, IReadOnlyList<CandidatePieces> Candidates)
{
    /// <param name="pieces">The pieces of each candidate.</param>
    public static ReferencesUsed Of(ReferenceRecordings recordings, IReadOnlyList<IReadOnlyList<PlacedPiece>> pieces)
    {
        IReadOnlyList<ReferenceUsed> used = [.. recordings.All.Select(ReferenceUsed.Of)];
        return new(used, [.. pieces.Select((placed, candidate) =>
            new CandidatePieces(candidate, [.. placed.Select(piece => PieceUsed.Of(piece, used[piece.Recording]))]))]);
    }
}

/// <summary>A recording of the caller.</summary>
/// <param name="Name">File name.</param>
/// <param name="File">Path of the file; absent if it came as bytes.</param>
/// <param name="Sha256">Hash of the file.</param>
/// <param name="SampleRate">Samples per second. An unusual rate is raised to the next usual one.</param>
/// <param name="Samples">Length in samples.</param>
/// <param name="FromLibrary">True if the library chose it.</param>
public sealed record ReferenceUsed(
    string Name, string? File, string Sha256, int SampleRate, int Channels, long Samples, bool FromLibrary)
{
    public static ReferenceUsed Of(ReferenceRecording recording) => new(
        recording.Name, recording.File, recording.Sha256, recording.Samples.SampleRate, recording.Samples.ChannelCount,
        recording.Samples.Length, recording.FromLibrary);
}

/// <param name="Candidate">Index in sampling order, from 0.</param>
/// <param name="Pieces">In order of position.</param>
public sealed record CandidatePieces(int Candidate, IReadOnlyList<PieceUsed> Pieces);

/// <summary>A part of a recording at a position in the sound.</summary>
public sealed record PieceUsed
{
    /// <summary>The piece's name for --ban and --pin.</summary>
    public required string Id { get; init; }

    /// <summary>Index of the recording.</summary>
    public required int Recording { get; init; }

    /// <summary>Start in the sound.</summary>
    public required double AtSeconds { get; init; }

    /// <summary>Duration in the sound.</summary>
    public required double Seconds { get; init; }

    /// <summary>First sample in the recording.</summary>
    public required long SourceStart { get; init; }

    /// <summary>Samples of the recording.</summary>
    public required long SourceSamples { get; init; }

    /// <summary>Sample of the recording that meets an attack of the curve; absent for none.</summary>
    public long? SourceAttack { get; init; }

    /// <summary>Playback speed; it changes the pitch too.</summary>
    public required int SpeedPercent { get; init; }

    /// <summary>Factor of the whole piece.</summary>
    public required float Gain { get; init; }

    /// <summary>
    /// Further factors over time: seconds from the start of the piece and factor, in turns. Linear between points, constant outside them.
    /// </summary>
    public required IReadOnlyList<double> GainCurve { get; init; }

    /// <summary>Length of the rise along a quarter of a sine.</summary>
    public required double FadeInSeconds { get; init; }

    /// <summary>Length of the fall along a quarter of a cosine.</summary>
    public required double FadeOutSeconds { get; init; }

    /// <summary>Samples of the recording before the piece: room to move its start.</summary>
    public required long HandleBefore { get; init; }

    /// <summary>Samples of the recording after the piece: room to move its end.</summary>
    public required long HandleAfter { get; init; }

    public static PieceUsed Of(PlacedPiece piece, ReferenceUsed recording) => new()
    {
        Id = new PieceId(recording.Sha256, piece.SourceStart, piece.SourceLength, piece.Position, piece.SpeedPercent).ToString(),
        Recording = piece.Recording,
        AtSeconds = piece.Position,
        Seconds = piece.Duration(recording.SampleRate),
        SourceStart = piece.SourceStart,
        SourceSamples = piece.SourceLength,
        SourceAttack = piece.SourceAttack,
        SpeedPercent = piece.SpeedPercent,
        Gain = piece.Gain,
        GainCurve = [.. piece.GainCurve.SelectMany(point => (double[])[point.Seconds, point.Gain])],
        FadeInSeconds = piece.FadeIn,
        FadeOutSeconds = piece.FadeOut,
        HandleBefore = piece.SourceStart,
        HandleAfter = recording.Samples - piece.SourceStart - piece.SourceLength,
    };

    public PlacedPiece ToPiece() => new(
        Recording, SourceStart, SourceSamples, AtSeconds, SpeedPercent, Gain,
        [.. GainCurve.Chunk(2).Select(point => new GainPoint(point[0], (float)point[1]))], FadeInSeconds, FadeOutSeconds)
    {
        SourceAttack = SourceAttack,
    };
}
