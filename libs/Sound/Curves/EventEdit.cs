using System.Numerics.Tensors;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Adds an impact: <c>event 3.1s=+0dB</c>, <c>event 3.1s=-6dB,1s</c>. The level is relative to the loudest value of the curve. The impact
/// starts at once and falls by 60 dB in its decay time. Where the curve is louder, it stays unchanged.
/// </summary>
/// <param name="Decibels">Relative to the curve's loudest value, -100 to 100.</param>
/// <param name="DecaySeconds">10 ms to 30 s.</param>
public sealed record EventEdit(double AtSeconds, double Decibels, double DecaySeconds = EventEdit.UsualDecaySeconds) : CurveEdit
{
    public const double UsualDecaySeconds = 0.6;
    const double DecayDecibels = 60;

    public static EditForm Form { get; } =
        EditForm.Of("event", "TIME=DB[,DECAY]", "adds an impact; DB is relative to the loudest value: 3.1s=+0dB", Read);

    public override string Name => Form.Name;

    public override string Argument =>
        $"{CurveText.Seconds(AtSeconds)}={CurveText.Decibels(Decibels)}" +
        (DecaySeconds == UsualDecaySeconds ? "" : $",{CurveText.Seconds(DecaySeconds)}");

    public override IEnumerable<InputFault> Faults(int count) =>
        [
            .. TimeFaults(AtSeconds, count),
            .. OutOf(-GainEdit.LargestDecibels, GainEdit.LargestDecibels, Decibels, " dB"),
            .. OutOf(0.01, 30, DecaySeconds, " s of decay"),
        ];

    protected override void Change(Span<float> values)
    {
        var loudest = TensorPrimitives.Max<float>(values);
        if (loudest <= EnergyScale.Silence)
            throw InputFault.Invalid(Name, "is measured from the curve's loudest value, but the curve is silent: draw the event instead");
        var (peak, fall) = (loudest + EnergyScale.OfDecibels(Decibels), DecayDecibels / DecaySeconds / EnergyCurve.ValuesPerSecond);
        var first = EnergyCurve.IndexAt(AtSeconds);
        for (var i = first; i < values.Length; i++)
            values[i] = Math.Max(values[i], peak - EnergyScale.OfDecibels(fall * (i - first)));
    }

    static EventEdit Read(EditArgument text)
    {
        var comma = text.Whole.IndexOf(',', StringComparison.Ordinal);
        var (time, decibels) = CurvePoint.Parse(text.Name, comma < 0 ? text.Whole : text.Whole[..comma]);
        return comma < 0 ? new(time, decibels) : new(time, decibels, CurveText.ParseSeconds(text.Name, text.Whole[(comma + 1)..]));
    }
}
