namespace Rewas.Evaluation.Tables;

/// <summary>
/// A row of the common benchmark as its paper prints it (MMAudio, Cheng et al., 2025, arXiv 2412.15322, on VGGSound's test list). It is
/// quoted, not measured here.
/// </summary>
/// <param name="Figures">By the column's name in <see cref="Table2"/>. What is not quoted is absent.</param>
sealed record PublishedRow(string System, IReadOnlyDictionary<string, double> Figures)
{
    public static IReadOnlyList<PublishedRow> All { get; } =
    [
        new("ReWaS", new Dictionary<string, double>
        {
            [Table2.FrechetPasst] = 141.4,
            [Table2.FrechetPanns] = 17.5,
            [Table2.KlPasst] = 2.82,
            [Table2.Inception] = 8.51,
            [Table2.DeSync] = 1.062,
        }),
        new("MMAudio-S-16k", new Dictionary<string, double>
        {
            [Table2.FrechetPasst] = 70.2,
            [Table2.FrechetPanns] = 5.2,
            [Table2.KlPasst] = 1.59,
            [Table2.Inception] = 14.4,
            [Table2.DeSync] = 0.483,
        }),
    ];
}
