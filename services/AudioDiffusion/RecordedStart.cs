using Rewas.Audio;
using Rewas.Memory;
using Rewas.Networks;
using Rewas.Placement;
using Rewas.V1;
using ClipTiming = Rewas.Networks.ClipTiming;
using WindowControl = Rewas.Networks.WindowControl;

namespace Rewas.AudioDiffusion;

/// <summary>
/// Recordings that sampling starts from (SDEdit, Meng et al., 2022, arXiv 2108.01073): they are placed under the energy of each window, and what is placed is
/// noised to the first level. Where they come from, the bundle's memory or anywhere else, makes no difference here.
/// </summary>
/// <param name="recordings">Takes of one sound, at peak 0.5.</param>
/// <param name="credits">Of each recording.</param>
/// <param name="seed">Of the placement.</param>
public sealed class RecordedStart(IReadOnlyList<Recording> recordings, IReadOnlyList<RecordingUsed> credits, uint seed)
{
    /// <summary>Takes from the memory at most: enough for variety, few enough to be decoded in no time.</summary>
    const int MostTakes = 4;

    public IReadOnlyList<RecordingUsed> Credits => credits;

    /// <summary>The recordings of a memory that a request's prompt speaks of; null for none.</summary>
    /// <param name="networks">Of the bundle that carries it.</param>
    /// <param name="request">What is asked for.</param>
    public static RecordedStart? Of(EnergyToMel networks, SamplingRequest request)
    {
        if (request.Memory != MemoryNames.On || request.Control is not (ControlNames.Energy or ControlNames.Texture))
            return null;                                                     // without an energy there is nothing to place under
        return networks.Memory?.Find(request.Prompt, MostTakes) is not { Count: > 0 } found
            ? null
            : new([.. found.Select(sound => sound.Sound)], [.. found.Select(sound => Credit(sound.Row))], request.Seed);
    }

    /// <summary>What lies under a window: the same whenever it is asked for.</summary>
    /// <param name="control">Of the window.</param>
    /// <param name="start">Its first frame in the sound.</param>
    /// <param name="candidate">Candidate, from 0; each has takes of its own.</param>
    public PlacedWindow Place(WindowControl control, long start, int candidate = 0)
    {
        var pieces = SoundPlacement.Place(recordings, control.Energy, new() { Seed = seed ^ (uint)start ^ (uint)candidate * 0x9E3779B9 });
        return new(pieces, recordings);
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

/// <summary>What lies under a window.</summary>
/// <param name="Pieces">In order of time.</param>
/// <param name="Recordings">Theirs.</param>
public sealed record PlacedWindow(IReadOnlyList<PlacedPiece> Pieces, IReadOnlyList<Recording> Recordings)
{
    /// <summary>Natural-log mel of what is placed, [512, 64].</summary>
    public float[] LogMel() => MelSpectrogram.LogMel(new PieceRenderer(Pieces, Recordings).RenderMono(ClipTiming.SamplesPerWindow));

    /// <summary>As the caller is told, as far as the window's own frames go.</summary>
    /// <param name="window">Where it lies.</param>
    /// <param name="first">The first of its frames that are its own.</param>
    /// <param name="end">After the last of them.</param>
    public RecordingsPlaced ToMessage(WindowPlace window, int first, int end)
    {
        const double Shortest = 0.002;                                       // seconds: less is no more than the rest of a fade
        const double PerSecond = (double)ClipTiming.SampleRate / ClipTiming.HopSamples;
        var message = new RecordingsPlaced { Window = window.Number };
        foreach (var piece in Pieces)
        {
            double rate = Recordings[piece.Recording].SampleRate, speed = piece.SpeedPercent / 100.0;
            var (from, to) = (Math.Max(piece.Position, first / PerSecond), Math.Min(piece.Position + piece.Duration((int)rate), end / PerSecond));
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
