using System.Globalization;
using System.Text.RegularExpressions;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>
/// A part of a sound that is made again with other options: "1.2s..2s seed=7 prompt=\"breaking glass\"". What it does not name stays as in
/// the order.
/// </summary>
/// <param name="From">Start in the sound, seconds.</param>
/// <param name="To">End in the sound, seconds.</param>
/// <param name="Changes">Each option and its text, in the order of the take; at least one.</param>
public sealed partial record RegionTake(double From, double To, IReadOnlyList<(OrderOption Option, string Text)> Changes)
{
    /// <summary>A shorter part would be all fades.</summary>
    const double LeastSeconds = 0.05;

    /// <summary>Options that say how a part sounds. Others concern the whole sound.</summary>
    static readonly string[] Names =
    [
        "prompt", "seed", "preset", "steps", "guidance", "eta", "sampler", "spacing", "memory", "start-level", "negative",
        "energy-guidance", "guidance-rescale", "guidance-from", "guidance-to",
    ];

    /// <param name="field">The option that the text was given for.</param>
    /// <exception cref="InputFault">The text is no take.</exception>
    public static RegionTake Parse(string text, string field)
    {
        InputFault.ThrowIfAny([.. Faults(text, field)]);
        return Read(text)!;
    }

    /// <summary>The faults of a text; none if it is a take.</summary>
    public static IEnumerable<InputFault> Faults(string text, string field)
    {
        if (Read(text) is not { } take)
            return [InputFault.Invalid(
                field, $"must be a part and its options, such as 1.2s..2s seed=7, but is '{OrderOption.Shortened(text)}'")];
        if (take.To - take.From < LeastSeconds)
            return [InputFault.Invalid(
                field, FormattableString.Invariant($"must last at least {LeastSeconds} s, but is {take.From}s..{take.To}s"))];
        if (OptionNames(text).FirstOrDefault(name => !Names.Contains(name)) is { } other)
            return [InputFault.Invalid(field, $"may set {string.Join(", ", Names)}, but sets {OrderOption.Shortened(other)}")];
        try
        {
            take.Apply(new() { Prompt = "a" });
            return [];
        }
        catch (InputFault fault)
        {
            return [InputFault.Invalid(field, fault.Message)];
        }
    }

    /// <summary>The options of the part.</summary>
    /// <param name="options">Those of the whole sound.</param>
    /// <exception cref="InputFault">The options do not go together.</exception>
    public GenerateOptions Apply(GenerateOptions options)
    {
        var text = new OrderText();
        text.Order.Options = new(options);
        text.Order.Options.Takes.Clear();
        foreach (var (option, value) in Changes)
            text.Set(option, value);
        return text.Complete().Options;
    }

    static RegionTake? Read(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success)
            return null;
        return new(
            Seconds(match.Groups["from"]),
            Seconds(match.Groups["to"]),
            [
                .. match.Groups["name"].Captures.Zip(match.Groups["value"].Captures)
                    .Where(change => Names.Contains(change.First.Value))
                    .Select(change => (OrderTable.Find(change.First.Value)!, change.Second.Value.Trim('"'))),
            ]);

        static double Seconds(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
    }

    static IEnumerable<string> OptionNames(string text) =>
        Pattern().Match(text).Groups["name"].Captures.Select(capture => capture.Value);

    [GeneratedRegex(
        """^(?<from>[0-9]{1,6}(?:\.[0-9]{1,4})?)s\.\.(?<to>[0-9]{1,6}(?:\.[0-9]{1,4})?)s"""
        + """(?: (?<name>[a-z-]{1,30})=(?<value>"[^"]{0,2000}"|[^\s"]{1,100})){1,16}\z""")]
    private static partial Regex Pattern();
}
