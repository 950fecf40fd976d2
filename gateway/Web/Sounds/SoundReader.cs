using System.Text.Json;
using Rewas.Client;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.Sound.Curves;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>Reads the JSON of an order. Options are read as the command line reads them, with the same messages.</summary>
static class SoundReader
{
    public const int MostEdits = 100;

    /// <summary>What the name of a recording of the library begins with; the rest is its SHA-256.</summary>
    public const string OfLibrary = "library:";

    /// <summary>Fields of the request that are no options.</summary>
    const string File = "file", Seconds = "seconds", Curve = "curve", Edits = "edits", Format = "format", Webhook = "webhook";

    /// <exception cref="InputFault">Lists every fault of the options; other faults come one at a time.</exception>
    public static async Task<ReadSoundRequest> ReadAsync(JsonElement json)
    {
        var text = Fields(json);
        foreach (var field in json.EnumerateObject().Where(field => !IsOwn(field.Name) && field.Value.ValueKind != JsonValueKind.Null))
            Set(text, Option(field.Name), field.Value);
        var file = Text(json, File);
        var seconds = Number(json, Seconds);
        var order = text.Complete();
        if (CurveIn(json) is { } curve)
            order.Curve = curve.ToMessage();
        order.Edits.AddRange((await EditsOf(json)).Select(edit => edit.ToMessage()));
        order.Format = Text(json, Format) ?? "";
        if (file is null && seconds is null && order.Curve is null)
            throw InputFault.Invalid(File, "must be given; for sound without a picture, give seconds or a curve");
        if (file is null)
            seconds = WithoutPicture.Complete(order, seconds, Seconds);
        else if (seconds is not null)
            throw InputFault.Invalid(Seconds, "must be absent with a file, which says how long the sound is");
        return new(order, file, seconds) { Webhook = WebhookOf(json) };
    }

    /// <summary>The address that is told when a sound has ended; empty for none.</summary>
    /// <exception cref="InputFault">It is no text.</exception>
    public static string WebhookOf(JsonElement json) => Text(json, Webhook) ?? "";

    /// <summary>The curve of a request; null for none.</summary>
    /// <exception cref="InputFault">It is no curve.</exception>
    public static EnergyCurve? CurveIn(JsonElement json) => Find(json, Curve) is { } curve ? CurveOf(curve) : null;

    /// <summary>The edits of a request that has nothing else to read.</summary>
    /// <exception cref="InputFault">An edit cannot be read, or there are too many.</exception>
    public static async Task<IReadOnlyList<Rewas.Sound.Curves.CurveEdit>> EditsOf(JsonElement json)
    {
        if (Find(json, Edits) is not { } list)
            return [];
        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > MostEdits)
            throw InputFault.Exhausted(Edits, $"at most {MostEdits} are accepted, but there are {list.GetArrayLength()}");
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(edit => edit.ValueKind != JsonValueKind.String))
            throw InputFault.Invalid(Edits, "must be a list of texts such as \"gain 1.2s..2.0s=-12dB\"");
        var edits = new List<Rewas.Sound.Curves.CurveEdit>();
        foreach (var edit in list.EnumerateArray())
            edits.Add(await EditText.ParseAsync(edit.GetString()!.Trim(), name => throw InputFault.Invalid(
                Edits, $"must not name a file ('{OneLine(name)}'): give a curve instead")));
        return edits;
    }

    /// <summary>Reads options that change those of an order.</summary>
    /// <exception cref="InputFault">Lists every fault.</exception>
    public static SoundOrder Changed(SoundOrder order, JsonElement json)
    {
        var changes = Fields(json);
        var changed = order.Clone();
        foreach (var field in json.EnumerateObject().Where(
            field => field.Name is not (Edits or Webhook) && field.Value.ValueKind != JsonValueKind.Null))
        {
            var option = Option(field.Name);
            Set(changes, option, field.Value);
            if (option.Kind == OptionKind.List)
                foreach (var text in Texts(option, field.Value))
                    Add(changed, option, text);
            else if (option.Get(changes.Order) is { } value)
                option.Set(changed, value);
        }
        if (OrderTable.Prompt.Get(changes.Order) is null)
            changes.Set(OrderTable.Prompt, order.Options.Prompt);
        if (changed.Environment is { } environment && changes.Order.Environment is not null)
            changes.Set(OrderTable.Environment, environment.Prompt);
        changes.Complete();
        InputFault.ThrowIfAny(OrderCheck.Faults(changed));
        return changed;
    }

    static OrderText Fields(JsonElement json) => json.ValueKind == JsonValueKind.Object ? new()
        : throw InputFault.Invalid("body", $"must be a JSON object, but is {KindOf(json)}");

    static bool IsOwn(string field) => field is File or Seconds or Curve or Edits or Format or Webhook;

    /// <summary>An option by its name, its name on the wire, or its name with "_" for "-", as many languages write names.</summary>
    /// <exception cref="InputFault">There is no such option.</exception>
    static OrderOption Option(string name) =>
        (OrderTable.Find(name) ?? OrderTable.Find(name.Replace('_', '-'))) is { } option && option.Faces.HasFlag(OptionFaces.Manifest)
            ? option
            : throw InputFault.Invalid(OneLine(name), "is neither an option nor a field of this request");

    /// <exception cref="InputFault">The value is of another kind of JSON than the option.</exception>
    static void Set(OrderText order, OrderOption option, JsonElement value)
    {
        if (option.Kind == OptionKind.List)
            foreach (var text in Texts(option, value))
                Add(order.Order, option, text);
        else
            SetOne(order, option, value);
    }

    static IEnumerable<string> Texts(OrderOption option, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > option.Maximum)
            throw InputFault.Exhausted(
                option.Name, $"must be given at most {option.Maximum} times, but is given {value.GetArrayLength()} times");
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? value.EnumerateArray().Select(item => item.GetString()!)
            : throw InputFault.Invalid(option.Name, $"must be a list of texts, but is {KindOf(value)}");
    }

    /// <summary>Adds a text to a list. A recording is a file of the caller, by its id, or one of the library, by its hash.</summary>
    static void Add(SoundOrder order, OrderOption option, string text)
    {
        if (option == OrderTable.Reference)
            (order.References ??= new()).Recordings.Add(text.StartsWith(OfLibrary, StringComparison.Ordinal)
                ? new ReferenceSound { Name = text, LibrarySha256 = text[OfLibrary.Length..] }
                : new ReferenceSound { Name = text, UploadId = text });
        else
            option.Set(order, text);
    }

    static void SetOne(OrderText order, OrderOption option, JsonElement value) => order.Set(option, (value.ValueKind, option.Kind) switch
    {
        (JsonValueKind.String, OptionKind.Text or OptionKind.Choice or OptionKind.NumberOrChoice) => value.GetString()!,
        (JsonValueKind.Number, OptionKind.Whole or OptionKind.Number or OptionKind.Choice or OptionKind.NumberOrChoice) =>
            value.GetRawText(),
        (JsonValueKind.True, OptionKind.Flag) => "yes",
        (JsonValueKind.False, OptionKind.Flag) => "no",
        _ => throw InputFault.Invalid(option.Name, $"must be {Wanted(option)}, but is {KindOf(value)}"),
    });

    static string Wanted(OrderOption option) => option.Kind switch
    {
        OptionKind.Flag => "true or false",
        OptionKind.Text => "a text",
        OptionKind.Choice => $"one of {string.Join(", ", option.Choices)}",
        OptionKind.Whole => "a whole number",
        OptionKind.NumberOrChoice => $"{string.Join(", ", option.Choices)} or a number",
        _ => "a number",
    };

    static EnergyCurve CurveOf(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                ThrowIfTooLong(json);
                return EnergyCurve.Of([.. json.EnumerateArray().Select(ValueOf)]);
            case JsonValueKind.Object:
                foreach (var field in json.EnumerateObject())
                    ThrowIfTooLong(field.Value);
                return CurveJson.Parse(json.GetRawText());
            default:
                throw InputFault.Invalid(
                    Curve, $"must be a list of numbers, or an object as `rewas energy` writes it, but is {KindOf(json)}");
        }
    }

    /// <summary>Counts the values of a curve before each of them is read.</summary>
    static void ThrowIfTooLong(JsonElement values)
    {
        if (values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > EnergyCurve.MaximumValues)
            throw InputFault.Exhausted(
                Curve, $"at most {EnergyCurve.MaximumValues} values are accepted, but it has {values.GetArrayLength()}");
    }

    static float ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) ? number
        : throw InputFault.Invalid(Curve, $"must be a list of numbers, but holds {KindOf(value)}");

    static string? Text(JsonElement json, string field) => Find(json, field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => throw InputFault.Invalid(field, $"must be a text, but is {KindOf(other)}"),
    };

    static double? Number(JsonElement json, string field) => Find(json, field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { } other => throw InputFault.Invalid(field, $"must be a number, but is {KindOf(other)}"),
    };

    static JsonElement? Find(JsonElement json, string field) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null
            ? value : null;

    static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    static string OneLine(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
