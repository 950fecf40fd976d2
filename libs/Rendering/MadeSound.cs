using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Rendering.Finishing;
using Rewas.Rendering.Guards;
using Rewas.Rendering.References;

namespace Rewas.Rendering;

/// <param name="Result">How the candidates were made.</param>
/// <param name="Candidates">All candidates, the best first.</param>
/// <param name="Environment">The second layer; null for none.</param>
public sealed record MadeSound(GenerateResult Result, IReadOnlyList<RankedCandidate> Candidates, SoundLayer? Environment)
{
    /// <summary>The caller's own recordings in it; null for none.</summary>
    public ReferencesUsed? References { get; init; }

    /// <summary>How it was guarded; null if nobody listened.</summary>
    public GuardUsed? Guard { get; init; }

    /// <summary>The first candidate in mono at 16 kHz, for listeners; null if the candidates themselves are.</summary>
    public SoundLayer? Preview { get; init; }

    /// <summary>True if the sound is the placed recordings, at their own rate and channels.</summary>
    public bool IsPlacedAlone => Candidates[0].Sound.Sound.Is24Bit;

    /// <summary>The layers of the mix by name.</summary>
    public IReadOnlyList<(string Name, SoundLayer Sound)> Stems =>
        Environment is null ? [("primary", Candidates[0].Sound)] : [("primary", Candidates[0].Sound), ("environment", Environment)];

    /// <summary>The same sound with another candidate first.</summary>
    /// <param name="rank">The candidate's current place, from 0.</param>
    public MadeSound WithFirst(int rank) => rank >= 0 && rank < Candidates.Count
        ? this with { Candidates = [Candidates[rank], .. Candidates.Where((_, other) => other != rank)] }
        : throw InputFault.Invalid("rank", $"must be from 0 to {Candidates.Count - 1}, but is {rank}");
}

/// <summary>A file that was made.</summary>
/// <param name="Levels">How the sound was finished; null without a finish.</param>
/// <param name="Candidates">The best first. Empty if there was one candidate only and its samples were not kept.</param>
public sealed record FileMade(Sidecar Sidecar, GenerateResult Result, FinishReport? Levels, IReadOnlyList<RankedCandidate> Candidates);
