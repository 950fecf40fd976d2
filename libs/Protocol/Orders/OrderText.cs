using System.Globalization;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>Builds an order from text of a command line or a manifest. Collects all faults of the text.</summary>
public sealed class OrderText
{
    /// <summary>Level of an environment without a given level, dB.</summary>
    public const double UsualEnvironmentDecibels = -12;

    /// <summary>Separates the texts of a list in a manifest.</summary>
    public const char ListSeparator = ';';

    readonly List<InputFault> faults = [];
    readonly HashSet<OrderOption> given = [];

    public SoundOrder Order { get; } = new() { Options = new() };

    /// <summary>True if an option of the finish was set. The order then has a finish.</summary>
    public bool AsksForFinish =>
        given.Any(option =>
        option.Place.StartsWith("finish.", StringComparison.Ordinal) || option.Place.StartsWith("environment.", StringComparison.Ordinal)
        || option == OrderTable.Candidates || option == OrderTable.Broadcast);

    /// <param name="text">The text as typed; "yes" for a flag without a value. Texts of a list are separated by semicolons.</param>
    public void Set(OrderOption option, string text)
    {
        given.Add(option);
        IReadOnlyList<InputFault> wrong;
        object? value = null;
        switch (option.Kind)
        {
            case OptionKind.Text:
                (value, wrong) = (text, [.. option.TextFaults(text)]);
                break;
            case OptionKind.NumberOrChoice:
                (value, wrong) = (text, [.. option.NumberOrChoiceFaults(text)]);
                break;
            case OptionKind.Choice:
                (value, wrong) = (text, option.Choices.Contains(text) ? [] : [option.NoChoice(text)]);
                break;
            case OptionKind.List:
                foreach (var item in text.Split(ListSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    Add(option, item);
                return;
            case OptionKind.Flag:
                (value, wrong) = Flag(option, text);
                break;
            default:
                (value, wrong) = Number(option, text);
                break;
        }
        if (wrong.Count > 0)
            faults.AddRange(wrong);
        else if (value is not null)
            option.Set(Order, value);
    }

    /// <summary>Adds one text to a list.</summary>
    public void Add(OrderOption option, string text)
    {
        given.Add(option);
        option.Set(Order, text);
    }

    /// <summary>Fills in what follows from the other options, and checks all of them.</summary>
    /// <exception cref="InputFault">Lists every fault.</exception>
    public SoundOrder Complete()
    {
        if (Order.Environment is { } environment && !given.Contains(OrderTable.Environment))
        {
            faults.Add(InputFault.Invalid(OrderTable.EnvironmentGain.Name, "needs an environment (--environment TEXT)"));
            Order.Environment = null;
        }
        else if (Order.Environment is { } layer)
        {
            layer.Seed = (Order.Options.Seed + 1) & uint.MaxValue;
            if (!given.Contains(OrderTable.EnvironmentGain))
                layer.Decibels = UsualEnvironmentDecibels;
        }
        var told = faults.Select(fault => fault.Field).ToHashSet();
        InputFault.ThrowIfAny(
        [
            .. faults.Concat(OrderCheck.Faults(Order).Where(fault => !told.Contains(fault.Field)))
                .OrderBy(fault => OrderTable.All.TakeWhile(option => option.Name != fault.Field).Count()),
        ]);
        return Order;
    }

    static (object?, IReadOnlyList<InputFault>) Flag(OrderOption option, string text) => text switch
    {
        "yes" or "true" or "1" => (option.FlagNumber > 0 ? option.FlagNumber : true, []),
        "no" or "false" or "0" => (null, []),
        _ => (null, [InputFault.Invalid(option.Name, $"must be yes or no, but is '{OrderOption.Shortened(text)}'")]),
    };

    static (object?, IReadOnlyList<InputFault>) Number(OrderOption option, string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return (null, [InputFault.Invalid(option.Name, $"must be a number, but is '{OrderOption.Shortened(text)}'")]);
        InputFault[] outside = [.. option.RangeFaults(value, value.ToString(CultureInfo.InvariantCulture))];
        if (outside.Length > 0 || option.Kind == OptionKind.Number)
            return (value, outside);
        // Read as a decimal: a double rounds whole numbers beyond 2^53 and fractions near a whole number.
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && exact == decimal.Floor(exact)
            ? (exact, [])
            : (null, [InputFault.Invalid(option.Name, $"must be a whole number, but is {OrderOption.Shortened(text)}")]);
    }
}
