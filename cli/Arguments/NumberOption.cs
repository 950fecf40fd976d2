using System.CommandLine;
using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Cli.Arguments;

/// <summary>Numbers on the command line. Options take text, so that an error message can quote a value that is not a number.</summary>
static class NumberOption
{
    public static Option<string?> Create(string name, string placeholder, string description) =>
        new(name) { Description = description, HelpName = placeholder };

    /// <summary>The number given, or null if the option was not given.</summary>
    public static double? Number(this ParseResult arguments, Option<string?> option) =>
        arguments.GetValue(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
        : throw InputFault.Invalid(Field(option), $"must be a number, but is '{Shorten(text)}'");

    /// <summary>The whole number given, checked against the range, or null if the option was not given.</summary>
    public static long? WholeNumber(this ParseResult arguments, Option<string?> option, long minimum, long maximum)
    {
        if (arguments.Number(option) is not { } value)
            return null;
        InputFault.ThrowUnlessInRange(Field(option), value, minimum, maximum);
        // Read as a decimal: a double rounds whole numbers beyond 2^53.
        return decimal.TryParse(arguments.GetValue(option), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && exact == decimal.Floor(exact)
            && exact <= maximum
            ? (long)exact
            : throw InputFault.Invalid(Field(option), $"must be a whole number, but is {Shorten(arguments.GetValue(option)!)}");
    }

    static string Field(Option option) => option.Name.TrimStart('-');

    static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
