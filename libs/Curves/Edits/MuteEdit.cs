using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>Silences a range: <c>mute 1s..2s</c>.</summary>
public sealed record MuteEdit(TimeRange Range) : CurveEdit
{
    public override string Name => "mute";

    public override string Argument => $"{Range}";

    public override IEnumerable<InputFault> Faults(int count) => RangeFaults(Range, count);

    protected override void Change(Span<float> values) => Part(values, Range).Fill(EnergyScale.Silence);
}
