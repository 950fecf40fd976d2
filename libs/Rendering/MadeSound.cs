using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Rendering.Finishing;
using Rewas.Video;

namespace Rewas.Rendering;

/// <param name="Result">How the candidates were made.</param>
/// <param name="Candidates">All of them, the best first.</param>
/// <param name="Environment">What is behind them, if anything.</param>
public sealed record MadeSound(GenerateResult Result, IReadOnlyList<RankedCandidate> Candidates, SoundLayer? Environment)
{
    /// <summary>What is mixed: the best candidate, and the environment.</summary>
    public IReadOnlyList<(RawSound Sound, double Decibels)> Mix => [.. Stems.Select(stem => (stem.Sound.Sound, stem.Sound.Decibels))];

    /// <summary>The same by name.</summary>
    public IReadOnlyList<(string Name, SoundLayer Sound)> Stems =>
        Environment is null ? [("primary", Candidates[0].Sound)] : [("primary", Candidates[0].Sound), ("environment", Environment)];

    /// <summary>The same with another candidate first.</summary>
    /// <param name="rank">Its place now, from 0.</param>
    public MadeSound WithFirst(int rank) => rank >= 0 && rank < Candidates.Count
        ? this with { Candidates = [Candidates[rank], .. Candidates.Where((_, other) => other != rank)] }
        : throw InputFault.Invalid("rank", $"must be from 0 to {Candidates.Count - 1}, but is {rank}");
}

/// <summary>A file that was made.</summary>
/// <param name="Levels">How the sound was finished; null where it goes out as it was made.</param>
/// <param name="Candidates">The best first; none where there was but one that nobody kept.</param>
public sealed record FileMade(Sidecar Sidecar, GenerateResult Result, FinishReport? Levels, IReadOnlyList<RankedCandidate> Candidates);
