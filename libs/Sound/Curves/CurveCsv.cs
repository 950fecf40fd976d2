using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// A curve as CSV: column <c>time_s</c> (seconds) and either <c>energy</c> (the model's unit) or <c>normalised</c> (0, silence, to 1). A
/// round trip keeps the values exactly.
/// </summary>
public static class CurveCsv
{
    const string Time = "time_s", Energy = "energy", Normalised = "normalised", Field = "curve";

    /// <summary>The header and one line per value.</summary>
    public static IEnumerable<string> Lines(EnergyCurve curve, bool normalised = false)
    {
        yield return $"{Time},{(normalised ? Normalised : Energy)}";
        for (var i = 0; i < curve.Count; i++)
            yield return normalised
                ? string.Create(CultureInfo.InvariantCulture, $"{EnergyCurve.SecondsAt(i):F2},{EnergyScale.Normalise(curve[i]):R}")
                : string.Create(CultureInfo.InvariantCulture, $"{EnergyCurve.SecondsAt(i):F2},{curve[i]:R}");
    }

    /// <summary>Times may be any that ascend from 0. The curve is linear between them and ends 10 ms after the last.</summary>
    /// <exception cref="InputFault">Names the line that cannot be read, or the value outside the scale.</exception>
    public static EnergyCurve Parse(IEnumerable<string> lines)
    {
        using var reader = lines.GetEnumerator();
        var header = reader.MoveNext() ? reader.Current.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries) : [];
        var (time, energy, normalised) = (Array.IndexOf(header, Time), Array.IndexOf(header, Energy), Array.IndexOf(header, Normalised));
        if (time < 0 || (energy < 0 && normalised < 0))
            throw InputFault.Invalid(
                Field,
                $"the first line must name the columns {Time},{Energy} or {Time},{Normalised}, but is '{string.Join(',', header)}'");

        var points = new CurveSampling();
        for (var line = 2; reader.MoveNext(); line++)
        {
            if (string.IsNullOrWhiteSpace(reader.Current))
                continue;
            var cells = reader.Current.Split(',');
            var value = Number(cells, energy >= 0 ? energy : normalised, line);
            points.Add(Number(cells, time, line), energy >= 0 ? (float)value : EnergyScale.OfNormalised(value), line);
        }
        return points.ToCurve();
    }

    static double Number(string[] cells, int column, int line) =>
        column < cells.Length
        && double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw InputFault.Invalid(
                Field,
                $"line {line}: must hold a number in column {column + 1}, " +
                $"but is '{string.Join(',', cells.Select(cell => cell.Length > 40 ? cell[..40] : cell))}'");
}
