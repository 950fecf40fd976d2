using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Protocol.Sounds;

/// <summary>What a guard heard in a sound, and which seeds were tried.</summary>
sealed record GuardView
{
    [Description("The network that heard it, with its bundle.")]
    public required string By { get; init; }

    [Description("Voices and music in order of time.")]
    public required IReadOnlyList<HeardView> Heard { get; init; }

    [Description("The kinds that the order does not want: speech, singing, music.")]
    public required IReadOnlyList<string> Unwanted { get; init; }

    [Description("Whether something unwanted is in the sound all the same.")]
    public required bool Slipped { get; init; }

    [Description("Faults of the signal: silence, clipping, click, hum.")]
    public required IReadOnlyList<string> Faults { get; init; }

    [Description("Seeds that were tried, in order. The first is the order's.")]
    public required IReadOnlyList<ulong> Seeds { get; init; }

    [Description("The seed of the sound.")]
    public required ulong Seed { get; init; }

    [Description("The same in words, one line each. Empty if the sound is as ordered.")]
    public required IReadOnlyList<string> Notes { get; init; }

    public static GuardView Of(GuardFacts guard) => new()
    {
        By = guard.By,
        Heard = [.. guard.Heard.Select(part => new HeardView(part.Kind, part.From, part.To, part.Score))],
        Unwanted = guard.Unwanted,
        Slipped = guard.Slipped,
        Faults = guard.Faults,
        Seeds = guard.Seeds,
        Seed = guard.Seed,
        Notes = guard.Notes,
    };
}

/// <param name="Kind">speech, singing or music.</param>
/// <param name="From">Seconds from the start.</param>
/// <param name="To">Seconds from the start.</param>
/// <param name="Score">Above 0, at most 1.</param>
sealed record HeardView(string Kind, double From, double To, double Score);
