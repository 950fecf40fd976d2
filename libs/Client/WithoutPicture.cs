using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Sound.Curves;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Client;

/// <summary>Sound without a picture: from a prompt and a length, or from a prompt and drawn energy. Every face orders it here.</summary>
public static class WithoutPicture
{
    /// <summary>The shortest sound, in seconds.</summary>
    public const double Shortest = 0.1;

    /// <summary>The longest energy curve, in seconds. Services and commands may allow less.</summary>
    public const double Longest = EnergyCurve.MaximumValues / (double)EnergyCurve.ValuesPerSecond;

    /// <summary>The format if the order names none.</summary>
    public const string UsualFormat = "wav";

    /// <summary>
    /// Level of the even energy under which recordings are placed if nobody drew one. Recordings keep close to their own level, so it needs
    /// only to be audible.
    /// </summary>
    const double EvenDecibels = -30;

    /// <summary>
    /// Completes an order that has no picture. Its energy is its curve; or what its edits draw on silence; or even, for recordings alone.
    /// Without any of these the prompt alone decides.
    /// </summary>
    /// <param name="order">Gets the curve, the control and the format that it lacks.</param>
    /// <param name="seconds">The wanted length; null for that of the curve.</param>
    /// <param name="field">The name of the length in errors.</param>
    /// <returns>The length in seconds.</returns>
    /// <exception cref="InputFault">There is no length, it is out of range or not that of the curve, or nothing gives the energy that the
    /// control needs.</exception>
    public static double Complete(SoundOrder order, double? seconds, string field = "seconds")
    {
        if (order.Format.Length == 0)
            order.Format = UsualFormat;
        if (order.Curve is { } given)
            return LengthOf(given.ToCurve(), seconds, field);
        if (seconds is not { } asked)
            throw InputFault.Invalid(field, "must be given for sound without a picture, unless a curve is");
        InputFault.ThrowUnlessInRange(field, asked, Shortest, Longest);
        if (order.Edits.Count > 0)
            order.Curve = Even(asked, EnergyScale.Silence);
        else if (order.References is { Recordings.Count: > 0 } or { Library: MemoryNames.On })
            order.Curve = Even(asked, EnergyScale.OfDecibels(EvenDecibels));
        else if (order.Options.Control.Length == 0)
            order.Options.Control = ControlNames.TextOnly;
        else if (order.Options.Control != ControlNames.TextOnly)
            throw InputFault.Invalid(
                "control", $"must be {ControlNames.TextOnly} without a picture and a curve, but is {order.Options.Control}");
        return asked;
    }

    static double LengthOf(EnergyCurve curve, double? seconds, string field) =>
        seconds is { } wanted && EnergyCurve.IndexAt(wanted) != curve.Count
            ? throw InputFault.Invalid(
                field,
                FormattableString.Invariant($"must be the length of the curve, {curve.DurationSeconds} s, or absent, but is {wanted}"))
            : curve.DurationSeconds;

    static V1.EnergyCurve Even(double seconds, float energy)
    {
        var values = new float[EnergyCurve.IndexAt(seconds)];
        Array.Fill(values, energy);
        return EnergyCurve.Of(values).ToMessage();
    }
}
