using System.CommandLine;
using Rewas.Client;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Arguments;

/// <summary>The length of sound without a picture.</summary>
static class DurationOption
{
    public const string Field = "duration";

    public static readonly Option<string?> Option = new($"--{Field}")
    {
        Description = "make sound without a video, so long: 6, 6.5s, 2m; with --curve or --energy-from it may be absent",
        HelpName = "TIME",
    };

    /// <returns>Seconds; null if the option is absent.</returns>
    /// <exception cref="InputFault">The value cannot be read or is out of range.</exception>
    public static double? Read(ParseResult arguments) =>
        arguments.GetValue(Option) is { } text ? SecondsOf(text, LengthLimit.Read(arguments).Longest, Field) : null;

    /// <param name="text">Without a unit it is in seconds.</param>
    /// <param name="longest">The longest accepted video.</param>
    /// <param name="field">Named in errors.</param>
    /// <exception cref="InputFault">The value cannot be read or is out of range.</exception>
    public static double SecondsOf(string text, TimeSpan longest, string field)
    {
        var seconds = TimeText.Seconds(text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text + "s" : text, field, "6, 6.5s or 2m");
        InputFault.ThrowUnlessInRange(field, seconds, WithoutPicture.Shortest, longest.TotalSeconds);
        return seconds;
    }
}
