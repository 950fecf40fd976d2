using System.Text.Json;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>
/// Reads and writes an order in a sidecar, by option name. Names of earlier releases are read first; they hold the values that were used.
/// </summary>
public static class OrderJson
{
    const string Options = "options";

    /// <summary>The options that are set, by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Write(SoundOrder order) => OrderTable.All
        .Where(option => option.Faces.HasFlag(OptionFaces.Manifest) && option.Get(order) is not null)
        .ToDictionary(option => option.Name, option => JsonSerializer.SerializeToElement(option.Shown(order)));

    /// <summary>Sets the options that a sidecar holds.</summary>
    /// <param name="sidecar">The whole sidecar.</param>
    /// <param name="order">Receives the options. Options of an absent part, such as the finish, are skipped.</param>
    /// <param name="field">Name of the sidecar in error messages.</param>
    /// <exception cref="InputFault">A value has the wrong type.</exception>
    public static void Read(JsonElement sidecar, SoundOrder order, string field)
    {
        foreach (var option in OrderTable.All.Where(option =>
            option.Faces.HasFlag(OptionFaces.Manifest) && option.Message.Accessor.GetValue(order) is not null))
        {
            foreach (var place in (string[])[.. option.Aliases, $"{Options}.{option.Name}"])
                if (Find(sidecar, place) is { ValueKind: not JsonValueKind.Null } value)
                {
                    Set(order, option, value, $"{field}: {place}");
                    break;
                }
            if (option.Get(order) is null && option.Before is { } before)
                option.Set(order, before);
        }
    }

    static JsonElement? Find(JsonElement json, string place)
    {
        foreach (var key in place.Split('.'))
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out json))
                return null;
        return json;
    }

    static void Set(SoundOrder order, OrderOption option, JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.Array && option.Kind == OptionKind.List
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String))
        {
            foreach (var item in value.EnumerateArray())
                option.Set(order, item.GetString()!);
            return;
        }
        object? read = (value.ValueKind, option.Kind) switch
        {
            (JsonValueKind.True, OptionKind.Flag) => option.FlagNumber > 0 ? option.FlagNumber : true,
            (JsonValueKind.False, OptionKind.Flag) => option.FlagNumber > 0 ? 1 : false,
            (JsonValueKind.String, OptionKind.Text or OptionKind.NumberOrChoice) => value.GetString(),
            (JsonValueKind.Number, OptionKind.NumberOrChoice) => value.GetRawText(),
            (JsonValueKind.String, OptionKind.Choice) when value.GetString() is { } name
                && (name.Length == 0 || option.Choices.Contains(name)) => name.Length == 0 ? null : name,
            (JsonValueKind.Number,
                OptionKind.Whole or OptionKind.Number or OptionKind.Flag or OptionKind.Choice) when value.TryGetDouble(out var number)
                && Fits(option, number) => number,
            _ => throw InputFault.Invalid(field, $"cannot be {OrderOption.Shortened(value.GetRawText())}"),
        };
        if (read is not null)
            option.Set(order, read);
    }

    /// <summary>True if the field's type can hold the number. Its range is checked later with all others.</summary>
    static bool Fits(OrderOption option, double number) =>
        option.Kind == OptionKind.Number || (number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
        || (option == OrderTable.Seed && number is >= 0 and <= uint.MaxValue && number == Math.Floor(number));
}
