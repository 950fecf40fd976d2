namespace Rewas.Rendering.Guards;

/// <summary>How a sound was guarded: what is heard in it, what nobody asked for, and which seeds were tried.</summary>
/// <param name="Report">What is heard in the sound that was given out.</param>
/// <param name="Unwanted">The kinds that the order did not want.</param>
/// <param name="Tries">All tries in order. The first has the seed of the order.</param>
public sealed record GuardUsed(GuardReport Report, IReadOnlyList<string> Unwanted, IReadOnlyList<GuardTry> Tries)
{
    /// <summary>The place of the sound among the tries.</summary>
    public int Chosen { get; init; }

    /// <summary>Whether something unwanted is in the sound all the same.</summary>
    public bool Slipped => Report.Has(Unwanted);

    /// <summary>Whether the sound has another seed than the order.</summary>
    public bool IsFresh => Chosen > 0;

    /// <summary>What is heard behind the sound, in the environment's layer; null for no such layer.</summary>
    public GuardReport? Environment { get; init; }

    /// <summary>What a user must know, in one line each. Nothing if the sound is as ordered.</summary>
    public IEnumerable<string> Lines()
    {
        var others = Tries.Count - 1;
        if (Slipped)
            yield return $"{Report.Describe(Unwanted)} is heard, which nobody asked for"
                + (others > 0 ? $"; {others} further seed{(others > 1 ? "s" : "")} had it too" : "");
        else if (IsFresh)
            yield return $"seed {Tries[0].Seed} had {Tries[0].Report.Describe(Unwanted)}; seed {Tries[Chosen].Seed} has not, and is used";
        if (Environment?.Has(Unwanted) is true)
            yield return $"{Environment.Describe(Unwanted)} is heard in the environment";
        if (Report.Signal.Faults.Count > 0)
            yield return $"the signal has {string.Join(", ", Report.Signal.Faults)}";
    }
}

/// <param name="Seed">Seed of the try.</param>
/// <param name="Report">What was heard in it.</param>
public sealed record GuardTry(ulong Seed, GuardReport Report);
