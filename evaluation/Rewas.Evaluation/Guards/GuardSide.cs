namespace Rewas.Evaluation.Guards;

/// <summary>Which of three parts a voice, instrument or recording belongs to. No part shares one with another.</summary>
public enum GuardSide
{
    /// <summary>The network learns from it.</summary>
    Training,

    /// <summary>The thresholds are set on it.</summary>
    Thresholds,

    /// <summary>Figures are measured on it, and nothing else.</summary>
    HeldOut,
}

/// <summary>Divides lists among the sides.</summary>
public static class GuardSides
{
    /// <summary>One in five is held out, and one in five sets the thresholds.</summary>
    const int Parts = 5;

    public static GuardSide Of(int index) => (index % Parts) switch
    {
        3 => GuardSide.Thresholds,
        4 => GuardSide.HeldOut,
        _ => GuardSide.Training,
    };

    public static T[] Of<T>(IEnumerable<T> all, GuardSide side) => [.. all.Where((_, index) => Of(index) == side)];
}
