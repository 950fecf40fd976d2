using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>Silences a range: <c>mute 1s..2s</c>.</summary>
public sealed record MuteEdit(TimeRange Range) : CurveEdit
{
    public static EditForm Form { get; } = EditForm.Of("mute", "RANGE", "silence: 1s..2s", text => new MuteEdit(text.OnlyRange));

    public override string Name => Form.Name;

    public override string Argument => $"{Range}";

    public override IEnumerable<InputFault> Faults(int count) => RangeFaults(Range, count);

    protected override void Change(Span<float> values) => Part(values, Range).Fill(EnergyScale.Silence);
}
