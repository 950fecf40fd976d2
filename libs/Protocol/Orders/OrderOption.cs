using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Protocol.Orders;

/// <summary>The type of an option's value.</summary>
public enum OptionKind
{
    Text,
    Whole,
    Number,
    Choice,
    Flag,

    /// <summary>Several texts: names of files, or ids.</summary>
    List,

    /// <summary>A number, or one of some words in its place.</summary>
    NumberOrChoice,
}

/// <summary>The places that offer an option. Callers that build the message themselves may set every field.</summary>
[Flags]
public enum OptionFaces
{
    Wire = 0,
    Command = 1,
    Manifest = 2,
    Both = Command | Manifest,
}

/// <summary>One option of an order: a row of <see cref="OrderTable"/>. Its field is found through the message's descriptor.</summary>
/// <param name="Name">Its one name: the option <c>--guidance</c>, the column, the sidecar's key, the field of a fault.</param>
/// <param name="Place">Its field in <see cref="SoundOrder"/>, such as "options.guidance_scale".</param>
/// <param name="Value">Placeholder of its value in help, such as "G". Empty for a flag.</param>
/// <param name="Help">Plain help text. The range and the default are added to it.</param>
public sealed record OrderOption(string Name, string Place, string Value, string Help)
{
    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>Unit after the range in messages, such as "LUFS".</summary>
    public string Unit { get; init; } = "";

    /// <summary>True if 0 is accepted too, although it is below the range.</summary>
    public bool OrZero { get; init; }

    /// <summary>The accepted values, or those beside the numbers of a range. For an enum they come from its descriptor.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>True for a text that the text encoder reads. It must contain a word.</summary>
    public bool IsSpoken { get; init; }

    /// <summary>The value if neither the order nor the bundle sets one. Null leaves the field unset.</summary>
    public object? Default { get; init; }

    /// <summary>The default as help shows it, if neither <see cref="Default"/> nor <see cref="BundleDefault"/> is set.</summary>
    public string DefaultText { get; init; } = "";

    /// <summary>Key of the bundle's default in the "sampler" of its bundle.json. Empty if bundles have none.</summary>
    public string BundleDefault { get; init; } = "";

    /// <summary>For a flag with a numeric field: the number that a set flag stands for. Without it, 1.</summary>
    public int FlagNumber { get; init; }

    public OptionFaces Faces { get; init; } = OptionFaces.Both;

    /// <summary>The release that added the option.</summary>
    public string Since { get; init; } = "0.1";

    /// <summary>Other accepted names: on the wire and in earlier sidecars. A dot separates an object of the sidecar from its key.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The value for earlier sidecars that do not name the option. Null for none.</summary>
    public object? Before { get; init; }

    /// <summary>For a list: finds the faults of one of its texts.</summary>
    internal Func<string, string, IEnumerable<InputFault>> ItemFaults { get; init; } = (_, _) => [];

    public OptionKind Kind => this switch
    {
        { Field.IsRepeated: true } => OptionKind.List,
        { FlagNumber: > 0 } => OptionKind.Flag,
        { Choices.Count: > 0, Minimum: not null } => OptionKind.NumberOrChoice,
        { Choices.Count: > 0 } => OptionKind.Choice,
        _ => Field.FieldType switch
        {
            FieldType.Bool => OptionKind.Flag,
            FieldType.Double => OptionKind.Number,
            FieldType.String => OptionKind.Text,
            _ => OptionKind.Whole,
        },
    };

    /// <summary>Each row is one of its kind. The fields of the message are found late and are no part of its identity.</summary>
    public bool Equals(OrderOption? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The field of the message at <see cref="Place"/>.</summary>
    internal FieldDescriptor Field => field ??= Message.MessageType.FindFieldByName(Place[(Place.IndexOf('.') + 1)..]);

    /// <summary>The part of the order with this field: options, environment or finish.</summary>
    internal FieldDescriptor Message => field ??= SoundOrder.Descriptor.FindFieldByName(Place[..Place.IndexOf('.')]);

    /// <summary>Whether it says in which form sound files are written.</summary>
    public bool IsOfDelivery => Place.StartsWith("delivery.", StringComparison.Ordinal);

    /// <summary>The name of the field on the wire, such as "guidance_scale".</summary>
    public string WireName => Field.Name;

    /// <summary>
    /// The value; null if it is not set. A number or text that is 0 or empty counts as not set, unless the field tracks presence.
    /// </summary>
    public object? Get(SoundOrder order) =>
        Message.Accessor.GetValue(order) is IMessage part
            && (Field.IsRepeated ? ((IList)Field.Accessor.GetValue(part)).Count > 0
                : Field.HasPresence ? Field.Accessor.HasValue(part) : IsGiven(Field.Accessor.GetValue(part)))
            ? Field.Accessor.GetValue(part)
            : null;

    /// <summary>Sets the value, or adds a text to a list. It creates the part of the order if necessary.</summary>
    public void Set(SoundOrder order, object value)
    {
        if (Message.Accessor.GetValue(order) is not IMessage part)
            Message.Accessor.SetValue(order, part = Message.MessageType.Parser.ParseFrom(ByteString.Empty));
        if (Field.IsRepeated)
        {
            ((IList)Field.Accessor.GetValue(part)).Add(
                Field.FieldType == FieldType.Message ? ReferencePath.ToMessage((string)value) : value);
            return;
        }
        Field.Accessor.SetValue(part, Field.FieldType switch
        {
            FieldType.Double => Convert.ToDouble(value, CultureInfo.InvariantCulture),
            FieldType.Int32 => Convert.ToInt32(value, CultureInfo.InvariantCulture),
            FieldType.Int64 => Convert.ToInt64(value, CultureInfo.InvariantCulture),
            FieldType.UInt64 => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
            FieldType.Enum when value is string name => Field.EnumType.Values[Choices.ToList().IndexOf(name)].Number,
            _ => value,
        });
    }

    /// <summary>The value as text interfaces show it: the name of an enum value, yes or no for a flag.</summary>
    public object? Shown(SoundOrder order) => (Get(order), Field.FieldType) switch
    {
        (null, _) => null,
        (IEnumerable<ReferenceSound> recordings, _) => recordings.Select(ReferencePath.Shown).ToList(),
        (var number, FieldType.Enum) => Kind == OptionKind.Flag ? Convert.ToInt32(number, CultureInfo.InvariantCulture) == FlagNumber
            : Choices.ElementAtOrDefault(Convert.ToInt32(number, CultureInfo.InvariantCulture)),
        (var number, FieldType.Int32) when Kind == OptionKind.Flag => Convert.ToInt32(number, CultureInfo.InvariantCulture) == FlagNumber,
        (string text, _) when Kind == OptionKind.NumberOrChoice && NumberIn(text) is { } number => number,
        var (value, _) => value,
    };

    /// <summary>The faults of the value; none if it is not set.</summary>
    public IEnumerable<InputFault> Faults(SoundOrder order)
    {
        if (Get(order) is not { } value)
            return [];
        return value switch
        {
            IList list => ListFaults(list),
            string text when Kind == OptionKind.Choice => Choices.Contains(text) ? [] : [NoChoice(text)],
            string text when Kind == OptionKind.NumberOrChoice => NumberOrChoiceFaults(text),
            string text => TextFaults(text),
            _ when Field.FieldType is FieldType.Bool => [],
            _ when Field.FieldType is FieldType.Enum => Choices.Count == 0 || Shown(order) is not null ? [] : [NoChoice(Invariant(value))],
            _ when Kind == OptionKind.Choice => Choices.Contains(Invariant(value))
                ? []
                : [InputFault.Invalid(Name, $"must be one of {string.Join(", ", Choices)}, but is {Invariant(value)}")],
            _ when Kind == OptionKind.Flag =>
                Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && (number == 1 || number == FlagNumber)
                ? []
                : [InputFault.Invalid(WireName, $"must be 1 or {FlagNumber}, but is {Invariant(value)}")],
            _ => RangeFaults(Convert.ToDouble(value, CultureInfo.InvariantCulture), Invariant(value)),
        };
    }

    /// <summary>The range as text, such as "1 to 30", with what is accepted beside it; empty for none.</summary>
    public string RangeText => (Minimum, Maximum) is ({ } least, { } most)
        ? string.Create(
            CultureInfo.InvariantCulture, $"{BesideRange}{least} to {most}{(Unit.Length > 0 ? " " + Unit : "")}")
        : "";

    string BesideRange => Kind == OptionKind.NumberOrChoice ? $"{string.Join(", ", Choices)}, or " : OrZero ? "0, or " : "";

    /// <summary>The default as help shows it; empty for none.</summary>
    public string DefaultShown =>
        Kind == OptionKind.Flag
        ? "" : DefaultText.Length > 0 ? DefaultText : BundleDefault.Length > 0 ? "the bundle's" : Default is null ? "" : Invariant(Default);

    IEnumerable<InputFault> ListFaults(IList list) => list.Count > Maximum
        ? [InputFault.Exhausted(Name, $"must be given at most {Maximum} times, but is given {list.Count} times")]
        : list.OfType<string>().SelectMany(text => ItemFaults(text, Name))
            .Concat(list.OfType<ReferenceSound>().SelectMany(recording => ReferencePath.Faults(recording, Name)));

    internal IEnumerable<InputFault> RangeFaults(double value, string shown)
    {
        if (Minimum is not { } least || Maximum is not { } most || (value >= least && value <= most) || (OrZero && value == 0))
            yield break;
        // NaN also gets here, because it is neither above nor below.
        yield return InputFault.Invalid(Name,
            string.Create(CultureInfo.InvariantCulture,
            $"must be from {least} to {most}{(Unit.Length > 0 ? " " + Unit : "")}, but is {shown}"));
    }

    internal IEnumerable<InputFault> TextFaults(string text)
    {
        var most = (int)Maximum!.Value;
        if (text.Length > most)
            yield return InputFault.Invalid(Name, IsSpoken
                ? $"must have 1 to {most} characters, but has {text.Length}" : $"must have at most {most} characters, but has "
                    + $"{text.Length}");
        else if (IsSpoken && string.IsNullOrWhiteSpace(text))
            yield return InputFault.Invalid(Name, $"must have 1 to {most} characters, but is empty");
        else if (IsSpoken && !text.EnumerateRunes().Any(System.Text.Rune.IsLetterOrDigit))
            yield return InputFault.Invalid(Name,
                $"must have a letter or a digit: without one the text encoder hears nothing, but is '{Shortened(text)}'");
    }

    internal IEnumerable<InputFault> NumberOrChoiceFaults(string text)
    {
        if (!Choices.Contains(text) && !(NumberIn(text) is { } number && number >= Minimum && number <= Maximum))
            yield return InputFault.Invalid(
                Name, $"must be {string.Join(", ", Choices)} or a number from {Invariant(Minimum!)} to {Invariant(Maximum!)}, but is "
                + $"'{Shortened(text)}'");
    }

    /// <summary>The number that a text is; null for other texts.</summary>
    static double? NumberIn(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    internal InputFault NoChoice(string text) =>
        InputFault.Invalid(Name, $"must be one of {string.Join(", ", Choices)}, but is '{Shortened(text)}'");

    internal static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";

    static bool IsGiven(object value) => value switch
    {
        string text => text.Length > 0,
        bool flag => flag,
        _ => Convert.ToDouble(value, CultureInfo.InvariantCulture) is not 0,
    };

    static string Invariant(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
