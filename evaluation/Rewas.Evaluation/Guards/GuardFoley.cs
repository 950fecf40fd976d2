namespace Rewas.Evaluation.Guards;

/// <summary>Which labelled recordings have neither voices that speak or sing nor music, and on which side each lies.</summary>
public static class GuardFoley
{
    /// <summary>Labels of recordings in which somebody may speak, sing or play. They are neither wanted nor unwanted examples.</summary>
    static readonly HashSet<string> Uncertain =
    [
        "crowd", "laughing", "laugh evil", "parrot", "parrot whistle", "parrot chirp", "piano", "whistle", "robot", "label",
        "radio static", "record noise", "telephone", "shush", "bicycle horn", "doorbell",
    ];

    public static bool IsFoley(string label) => !Uncertain.Contains(label);

    /// <summary>
    /// Divides recordings among the sides. Recordings of one take lie on the same side. The same folders are always divided alike.
    /// </summary>
    /// <param name="label">Of a recording.</param>
    /// <param name="take">Of a recording: where it was published.</param>
    public static ILookup<GuardSide, T> Divide<T>(IEnumerable<T> recordings, Func<T, string> label, Func<T, string> take) =>
        recordings.Where(recording => IsFoley(label(recording))).GroupBy(label)
            .SelectMany(group => group.GroupBy(take).OrderBy(one => one.Key, StringComparer.Ordinal)
                .SelectMany((one, index) => one.Select(recording => (Side: GuardSides.Of(index), Recording: recording))))
            .ToLookup(entry => entry.Side, entry => entry.Recording);
}
