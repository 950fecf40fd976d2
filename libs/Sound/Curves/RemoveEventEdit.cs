using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Removes an impact: <c>remove-event 2.7s</c>. The peak within 150 ms of the time is replaced by a line that joins the valleys on both
/// sides.
/// </summary>
/// <param name="AtSeconds">Approximate time.</param>
public sealed record RemoveEventEdit(double AtSeconds) : CurveEdit
{
    const int SearchFrames = 15, LongestSideFrames = 100;
    static readonly float Rise = EnergyScale.OfDecibels(3);                  // a smaller rise is no event and does not end a valley

    public static EditForm Form { get; } = EditForm.Of("remove-event", "TIME", "removes the impact at this time: 2.7s", text =>
        new RemoveEventEdit(CurveText.ParseSeconds(text.Name, text.Whole)));

    public override string Name => Form.Name;

    public override string Argument => CurveText.Seconds(AtSeconds);

    public override IEnumerable<InputFault> Faults(int count) => TimeFaults(AtSeconds, count);

    protected override void Change(Span<float> values)
    {
        var middle = EnergyCurve.IndexAt(AtSeconds);
        var peak = middle;
        for (var i = Math.Max(0, middle - SearchFrames); i <= Math.Min(values.Length - 1, middle + SearchFrames); i++)
            if (values[i] > values[peak])
                peak = i;
        var (left, right) = (Valley(values, peak, -1), Valley(values, peak, +1));
        // An event at an end of the curve has only one side.
        var from = left == peak ? values[right] : values[left];
        var to = right == peak ? values[left] : values[right];
        if (values[peak] - Math.Max(from, to) < Rise)
            throw InputFault.Invalid(Name, FormattableString.Invariant(
                $"there is no event within 150 ms of {AtSeconds:0.###} s: no peak rises 3 dB above what is round it"));
        for (var i = left; i <= right; i++)
            values[i] = Math.Min(values[i], Line.At(from, to, right == left ? 0 : (double)(i - left) / (right - left)));
    }

    /// <summary>The lowest point on one side, before the curve rises again.</summary>
    static int Valley(ReadOnlySpan<float> values, int peak, int step)
    {
        var lowest = peak;
        for (var i = peak + step;
            i >= 0 && i < values.Length && Math.Abs(i - peak) <= LongestSideFrames && values[i] < values[lowest] + Rise;
            i += step)
            if (values[i] < values[lowest])
                lowest = i;
        return lowest;
    }
}
