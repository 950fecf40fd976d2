using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Fades in from silence or out to silence, linearly in amplitude: <c>fade-in 0s..0.5s</c>, <c>fade-out 5s..6s</c>.</summary>
/// <param name="Out">True: fade out to the end of the range. False: fade in from its start.</param>
public sealed record FadeEdit(TimeRange Range, bool Out) : CurveEdit
{
    public static EditForm InForm { get; } = EditForm.Of("fade-in", "RANGE", "fades in from silence: 0s..0.5s", text =>
        new FadeEdit(text.OnlyRange, Out: false));

    public static EditForm OutForm { get; } = EditForm.Of("fade-out", "RANGE", "fades out to silence: 5s..6s", text =>
        new FadeEdit(text.OnlyRange, Out: true));

    public override string Name => (Out ? OutForm : InForm).Name;

    public override string Argument => $"{Range}";

    public override IEnumerable<InputFault> Faults(int count) => RangeFaults(Range, count);

    protected override void Change(Span<float> values)
    {
        var part = Part(values, Range);
        for (var i = 0; i < part.Length; i++)
        {
            var amplitude = (double)(Out ? part.Length - 1 - i : i) / part.Length;
            part[i] = amplitude == 0 ? EnergyScale.Silence : part[i] + (float)Math.Log(amplitude);
        }
    }
}
