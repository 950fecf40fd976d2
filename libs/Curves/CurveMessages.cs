using Rewas.Curves.Edits;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Protocol;

namespace Rewas.Curves;

/// <summary>Converts curves and edits to and from wire messages (protos/rewas/v1/energy_curve.proto).</summary>
public static class CurveMessages
{
    public static V1.EnergyCurve ToMessage(this EnergyCurve curve) => new()
    {
        Energy = HostTensor.Of(curve.Values.ToArray(), curve.Count).ToMessage("energy"),
    };

    /// <exception cref="InputFault">The curve is absent, not [T] of float32, or outside the scale.</exception>
    public static EnergyCurve ToCurve(this V1.EnergyCurve? message, string field = "curve")
    {
        if (message is null)
            throw InputFault.Invalid(field, "must be given, but is absent");
        return EnergyCurve.Of(message.Energy.ToFloatTensor(field, -1).Floats.Span, field);
    }

    public static V1.CurveEdit ToMessage(this CurveEdit edit) => edit switch
    {
        GainEdit gain => new() { Gain = new() { Range = gain.Range.ToMessage(), Decibels = gain.Decibels } },
        MuteEdit mute => new() { Mute = new() { Range = mute.Range.ToMessage() } },
        FadeEdit fade => new() { Fade = new() { Range = fade.Range.ToMessage(), Out = fade.Out } },
        ShiftEdit shift => new() { Shift = new() { Range = shift.Range.ToMessage(), Seconds = shift.Seconds } },
        StretchEdit stretch => new() { Stretch = new() { Range = stretch.Range.ToMessage(), Factor = stretch.Factor } },
        SharpenEdit sharpen => new() { Sharpen = new() { Range = sharpen.Range.ToMessage(), Amount = sharpen.Amount } },
        SoftenEdit soften => new() { Soften = new() { Range = soften.Range.ToMessage(), Seconds = soften.Seconds } },
        StrengthEdit strength => new() { Strength = new() { Range = strength.Range.ToMessage(), Factor = strength.Factor } },
        EventEdit added => new()
        {
            Event = new() { AtSeconds = added.AtSeconds, Decibels = added.Decibels, DecaySeconds = added.DecaySeconds },
        },
        RemoveEventEdit removed => new() { RemoveEvent = new() { AtSeconds = removed.AtSeconds } },
        DrawEdit draw => new()
        {
            Draw = new()
            {
                Points = { draw.Points.Select(point => new V1.CurvePoint { Seconds = point.Seconds, Decibels = point.Decibels }) },
            },
        },
        ReplaceEdit replace => new()
        {
            Replace = new() { Range = replace.Range.ToMessage(), With = replace.With.ToMessage(), Source = replace.Source },
        },
        BlendEdit blend => new()
        {
            Blend = new()
            {
                Range = blend.Range.ToMessage(), Weight = blend.Weight, With = blend.With.ToMessage(), Source = blend.Source,
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(edit), edit.Name, "has no message"),
    };

    /// <exception cref="InputFault">The edit is empty or incomplete. Whether it fits a curve is checked when it is applied.</exception>
    public static CurveEdit ToEdit(this V1.CurveEdit message) => message.EditCase switch
    {
        V1.CurveEdit.EditOneofCase.Gain => new GainEdit(message.Gain.Range.ToRange(), message.Gain.Decibels),
        V1.CurveEdit.EditOneofCase.Mute => new MuteEdit(message.Mute.Range.ToRange("mute")),
        V1.CurveEdit.EditOneofCase.Fade => new FadeEdit(message.Fade.Range.ToRange("fade"), message.Fade.Out),
        V1.CurveEdit.EditOneofCase.Shift => new ShiftEdit(message.Shift.Range.ToRange(), message.Shift.Seconds),
        V1.CurveEdit.EditOneofCase.Stretch => new StretchEdit(message.Stretch.Range.ToRange(), message.Stretch.Factor),
        V1.CurveEdit.EditOneofCase.Sharpen => new SharpenEdit(message.Sharpen.Range.ToRange(), message.Sharpen.Amount),
        V1.CurveEdit.EditOneofCase.Soften => new SoftenEdit(message.Soften.Range.ToRange(), message.Soften.Seconds),
        V1.CurveEdit.EditOneofCase.Strength => new StrengthEdit(message.Strength.Range.ToRange(), message.Strength.Factor),
        V1.CurveEdit.EditOneofCase.Event => new EventEdit(
            message.Event.AtSeconds, message.Event.Decibels,
            message.Event.HasDecaySeconds ? message.Event.DecaySeconds : EventEdit.UsualDecaySeconds),
        V1.CurveEdit.EditOneofCase.RemoveEvent => new RemoveEventEdit(message.RemoveEvent.AtSeconds),
        V1.CurveEdit.EditOneofCase.Draw => new DrawEdit(
            [.. message.Draw.Points.Select(point => new CurvePoint(point.Seconds, point.Decibels))]),
        V1.CurveEdit.EditOneofCase.Replace => new ReplaceEdit(
            message.Replace.Range.ToRange(), message.Replace.With.ToCurve("replace"), message.Replace.Source),
        V1.CurveEdit.EditOneofCase.Blend => new BlendEdit(
            message.Blend.Range.ToRange(), message.Blend.Weight, message.Blend.With.ToCurve("blend"), message.Blend.Source),
        _ => throw InputFault.Invalid("edit", "must be given, but is absent"),
    };

    static V1.TimeRange? ToMessage(this TimeRange? range) => range?.ToMessage();

    static V1.TimeRange ToMessage(this TimeRange range) => new() { FromSeconds = range.FromSeconds, ToSeconds = range.ToSeconds };

    static TimeRange? ToRange(this V1.TimeRange? message) => message is null ? null : new(message.FromSeconds, message.ToSeconds);

    static TimeRange ToRange(this V1.TimeRange? message, string field) =>
        message.ToRange() ?? throw InputFault.Invalid(field, "must name a range, but it is absent");
}
