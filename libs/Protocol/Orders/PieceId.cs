using System.Globalization;
using System.Text.RegularExpressions;
using Rewas.Clip.Faults;

namespace Rewas.Protocol.Orders;

/// <summary>
/// The name of a placed piece: SHA256:START+LENGTH@SECONDS, and *PERCENT if its speed is not 100%. It says all that is needed to place the
/// same piece again.
/// </summary>
/// <param name="Sha256">The first 8 digits of the recording's SHA-256.</param>
/// <param name="SourceStart">First sample, at the recording's rate.</param>
/// <param name="SourceLength">Samples, at the recording's rate.</param>
/// <param name="Position">Start in the sound in seconds, whole multiples of 0.1 ms.</param>
/// <param name="SpeedPercent">Playback speed in percent, 50 to 200.</param>
public sealed partial record PieceId(string Sha256, long SourceStart, long SourceLength, double Position, int SpeedPercent)
{
    public const int HashDigits = 8;
    const int LeastSpeed = 50, MostSpeed = 200;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sha256[..HashDigits]}:{SourceStart}+{SourceLength}@{Position:0.####}{(SpeedPercent == 100 ? "" : $"*{SpeedPercent}")}");

    /// <param name="field">The option that the text was given for.</param>
    /// <exception cref="InputFault">The text is no piece.</exception>
    public static PieceId Parse(string text, string field) => TryParse(text) ?? throw Fault(text, field);

    /// <summary>One fault if the text is no piece.</summary>
    public static IEnumerable<InputFault> Faults(string text, string field) => TryParse(text) is null ? [Fault(text, field)] : [];

    static PieceId? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            return null;
        var speed = match.Groups[5].Success ? int.Parse(match.Groups[5].ValueSpan, CultureInfo.InvariantCulture) : 100;
        return speed is < LeastSpeed or > MostSpeed ? null : new(
            match.Groups[1].Value,
            long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
            long.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture),
            double.Parse(match.Groups[4].ValueSpan, CultureInfo.InvariantCulture),
            speed);
    }

    static InputFault Fault(string text, string field) => InputFault.Invalid(
        field, $"must be the id of a piece in a sidecar, such as 9f2ab310:44100+22050@1.24, but is '{OrderOption.Shortened(text)}'");

    [GeneratedRegex(@"^([0-9a-f]{8}):([0-9]{1,12})\+([0-9]{1,12})@([0-9]{1,6}(?:\.[0-9]{1,4})?)(?:\*([0-9]{2,3}))?\z")]
    private static partial Regex Pattern();
}
