using Rewas.Sound.Curves;

namespace Rewas.Tests.Sound.Curves;

/// <summary>Curves and edits for tests.</summary>
static class SampleCurves
{
    /// <summary>3 s with two impacts, at 0.5 s and 2 s, over a quiet background.</summary>
    public static EnergyCurve TwoImpacts()
    {
        var values = new float[300];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Max(-9, Math.Max(Impact(i - 50), Impact(i - 200)));
        return EnergyCurve.Of(values);

        static float Impact(int after) => after < 0 ? float.NegativeInfinity : -3 - 0.08f * after;
    }

    public static EnergyCurve Other { get; } = EnergyCurve.Of([.. Enumerable.Range(0, 320).Select(i => -6 + 3 * MathF.Sin(i * 0.1f))]);

    /// <summary>One edit of each kind and form.</summary>
    public static IReadOnlyList<CurveEdit> EveryEdit { get; } =
    [
        new GainEdit(new(1.2, 2), -12), new GainEdit(null, 3.25),
        new MuteEdit(new(0.1, 0.7)),
        new FadeEdit(new(0, 0.5), Out: false), new FadeEdit(new(2.5, 3), Out: true),
        new ShiftEdit(null, 0.3), new ShiftEdit(new(1, 1.5), -0.25),
        new StretchEdit(null, 1.02), new StretchEdit(new(1, 2), 0.5),
        new SharpenEdit(null, 0.5), new SharpenEdit(new(1, 2), 1),
        new SoftenEdit(null, 0.2), new SoftenEdit(new(1, 2), 0.05),
        new StrengthEdit(null, 1.5), new StrengthEdit(new(1, 2), 0),
        new EventEdit(1.31, -6), new EventEdit(1.31, 2.5, 1.2),
        new RemoveEventEdit(2.05),
        new DrawEdit([new(1, -60), new(1.1, -20), new(2, -100)]),
        new ReplaceEdit(null, Other, "other.csv"), new ReplaceEdit(new(1, 2), Other, "other.csv"),
        new BlendEdit(null, 0.5, Other, "other.csv"), new BlendEdit(new(1, 2), 0.25, Other, "other.csv"),
    ];

    public static TheoryData<string> EveryText => [.. EveryEdit.Select(edit => edit.ToString())];

    public static CurveEdit Named(string text) => EveryEdit.Single(edit => edit.ToString() == text);
}
