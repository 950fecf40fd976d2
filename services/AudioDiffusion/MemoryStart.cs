using Rewas.Clip.Names;
using Rewas.Sound.Mel;
using Rewas.Sound.Placement;
using Rewas.Text.Memory;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;
using WindowControl = Rewas.Clip.WindowControl;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Recordings of the bundle's memory that match the prompt. Each window has a placement of its own, so that streaming needs no lookahead.
/// </summary>
/// <param name="recordings">Takes of one sound, at peak 0.5.</param>
public sealed class MemoryStart(IReadOnlyList<Recording> recordings, IReadOnlyList<RecordingUsed> credits, uint seed) : SamplingStart
{
    /// <summary>
    /// Most takes from the memory. The placement chooses among them, so more takes have more courses that fit a curve.
    /// </summary>
    const int MostTakes = 16;

    readonly SoundPlacement placement = new(recordings);

    public override IReadOnlyList<RecordingUsed> Credits => credits;

    /// <summary>The recordings for a request; null if there are none.</summary>
    /// <param name="networks">Networks of the bundle.</param>
    public static MemoryStart? Find(EnergyToMel networks, SamplingRequest request)
    {
        if (request.Memory != MemoryNames.On || request.Control is not (ControlNames.Energy or ControlNames.Texture))
            return null;                                                     // recordings are placed under an energy
        return networks.Memory?.Find(request.Prompt, MostTakes) is not { Count: > 0 } found
            ? null
            : new([.. found.Select(sound => sound.Sound)], [.. found.Select(sound => Credit(sound.Row))], request.Seed);
    }

    /// <summary>Places recordings in a window. Candidates get different takes.</summary>
    public override StartingWindow Window(WindowControl control, long start, int candidate)
    {
        var pieces = placement.Place(control.Energy, new() { Seed = seed ^ (uint)start ^ (uint)candidate * 0x9E3779B9 });
        var placed = new PlacedWindow(pieces, recordings);
        return new(placed.LogMel(), placed);
    }

    static RecordingUsed Credit(MemoryRecording row) => new()
    {
        Label = row.Label,
        Caption = row.Caption,
        Author = row.Author,
        Source = row.Source,
        Licence = row.Licence,
        Sha256 = row.Sha256,
    };
}

/// <summary>Recordings placed in a window.</summary>
/// <param name="Pieces">In time order.</param>
/// <param name="Recordings">The recordings that the pieces refer to.</param>
public sealed record PlacedWindow(IReadOnlyList<PlacedPiece> Pieces, IReadOnlyList<Recording> Recordings)
{
    /// <summary>Natural-log mel of the placed sound, [512, 64].</summary>
    public float[] LogMel() => MelSpectrogram.LogMel(new PieceRenderer(Pieces, Recordings).RenderMono(ClipTiming.SamplesPerWindow));

    /// <summary>The report to the caller, limited to the window's own frames.</summary>
    /// <param name="first">First own frame.</param>
    /// <param name="end">Frame after the last own frame.</param>
    public RecordingsPlaced ToMessage(WindowPlace window, int first, int end)
    {
        const double Shortest = 0.002;                                       // seconds; a shorter part is only the rest of a fade
        const double PerSecond = (double)ClipTiming.SampleRate / ClipTiming.HopSamples;
        var message = new RecordingsPlaced { Window = window.Number };
        foreach (var piece in Pieces)
        {
            double rate = Recordings[piece.Recording].SampleRate, speed = piece.SpeedPercent / 100.0;
            var (from, to) =
                (Math.Max(piece.Position, first / PerSecond), Math.Min(piece.Position + piece.Duration((int)rate), end / PerSecond));
            if (to - from > Shortest)
                message.Pieces.Add(new RecordingPiece
                {
                    Recording = piece.Recording,
                    Position = window.Start / PerSecond + from,
                    SourceStart = piece.SourceStart / rate + (from - piece.Position) * speed,
                    Seconds = (to - from) * speed,
                });
        }
        return message;
    }
}
