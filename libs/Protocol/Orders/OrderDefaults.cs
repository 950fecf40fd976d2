using System.Text.Json;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>Fills in the options that an order does not set.</summary>
public static class OrderDefaults
{
    /// <summary>
    /// A copy of the options with what its preset sets, then with the bundle's defaults, and with the table's defaults where the bundle has
    /// none.
    /// </summary>
    /// <param name="bundle">The object "sampler" of its bundle.json.</param>
    public static GenerateOptions Filled(GenerateOptions options, JsonElement bundle)
    {
        var order = new SoundOrder { Options = options.Clone() };
        foreach (var (option, value) in OrderPresets.Of(options.Preset).Where(entry => entry.Option.Get(order) is null).ToList())
            option.Set(order, value);
        foreach (var option in OrderTable.All.Where(option =>
            option.Place.StartsWith("options.", StringComparison.Ordinal) && option.Get(order) is null))
        {
            if (option.BundleDefault.Length > 0 && bundle.TryGetProperty(option.BundleDefault, out var value)
                && value.ValueKind != JsonValueKind.Null)
                option.Set(order, Value(option, value));
            else if (option.Default is { } usual)
                option.Set(order, usual);
        }
        return order.Options;
    }

    /// <summary>A copy of a finish with the table's defaults.</summary>
    public static StudioFinish Filled(StudioFinish? finish)
    {
        var order = new SoundOrder { Finish = finish?.Clone() ?? new() };
        if (order.Finish.Channels == 0 && StereoCheck.IsWideOrPlaced(order.Finish))
            order.Finish.Channels = 2;
        foreach (var option in OrderTable.All.Where(option =>
            option.Place.StartsWith("finish.", StringComparison.Ordinal) && option.Default is not null && option.Get(order) is null))
            option.Set(order, option.Default!);
        return order.Finish;
    }

    /// <summary>
    /// Converts a bundle's value. Where an option has two choices, a bundle may write false or true for the first or last one.
    /// </summary>
    static object Value(OrderOption option, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True when option.Kind == OptionKind.Choice => option.Choices[0],
        JsonValueKind.False when option.Kind == OptionKind.Choice => option.Choices[^1],
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => value.GetString()!,
    };
}
