using Rewas.Clip.Output;

namespace Rewas.Clip.Faults;

/// <summary>Kind of an expected failure. Each maps to one gRPC status and one exit code.</summary>
public enum FaultKind
{
    /// <summary>The caller's input is invalid and will stay invalid. INVALID_ARGUMENT.</summary>
    Invalid,

    /// <summary>Something that the caller named does not exist. NOT_FOUND.</summary>
    NotFound,

    /// <summary>Something on this side must be repaired first: a corrupt bundle, a missing ffmpeg. FAILED_PRECONDITION.</summary>
    Precondition,

    /// <summary>A limit of size, length or queue is exceeded. RESOURCE_EXHAUSTED.</summary>
    Exhausted,

    /// <summary>
    /// The input may be valid, but this machine cannot do the work now: a device fails, the temporary folder is missing. UNAVAILABLE.
    /// </summary>
    Environment,

    /// <summary>
    /// No space is left on a disk of this machine. RESOURCE_EXHAUSTED: the machine is sound, and another one or a later call may do it.
    /// </summary>
    Full,
}

/// <summary>
/// An expected failure: invalid input, a missing file, an exceeded limit. The message is one line that names the field, the limit and the
/// value. Any other exception is a bug.
/// </summary>
public sealed class InputFault : Exception
{
    /// <summary>Most faults that one message lists.</summary>
    public const int MostListed = 20;

    /// <summary>
    /// Longest message. It travels in a header, and clients accept 64 KiB of headers. A header writes some characters with nine.
    /// </summary>
    public const int LongestMessage = 4000;

    public InputFault(FaultKind kind, string field, string message, Exception? inner = null) : base(OneLine($"{field}: {message}"), inner)
        => (Kind, Field) = (kind, Shorten(field));

    InputFault(IReadOnlyList<InputFault> faults, bool more)
        : base(Shorten(string.Join("; ", faults.Select(fault => fault.Message)) + (more ? "; and more" : "")), faults[0])
        => (Kind, Field) = (faults[0].Kind, Shorten(string.Join(",", faults.Select(fault => fault.Field))));

    public FaultKind Kind { get; }

    /// <summary>Whether the cause is this machine: another one, or this one later, may do the work.</summary>
    public bool IsOfMachine => Kind is FaultKind.Environment or FaultKind.Full;

    /// <summary>The invalid argument, option or file, e.g. "steps". Several are separated by commas.</summary>
    public string Field { get; }

    /// <summary>Time after which a retry makes sense, if known, e.g. for a full queue.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static InputFault Invalid(string field, string message, Exception? inner = null) =>
        new(FaultKind.Invalid, field, message, inner);

    public static InputFault NotFound(string field, string message, Exception? inner = null) =>
        new(FaultKind.NotFound, field, message, inner);

    public static InputFault Precondition(string field, string message, Exception? inner = null) =>
        new(FaultKind.Precondition, field, message, inner);

    public static InputFault Environment(string field, string message, Exception? inner = null) =>
        new(FaultKind.Environment, field, message, inner);

    public static InputFault Full(string field, string message, Exception? inner = null) => new(FaultKind.Full, field, message, inner);

    public static InputFault Exhausted(string field, string message, Exception? inner = null) =>
        new(FaultKind.Exhausted, field, message, inner);

    /// <summary>Throws <see cref="FaultKind.Invalid"/> unless <paramref name="value"/> is finite and inside the range.</summary>
    public static void ThrowUnlessInRange(string field, double value, double minimum, double maximum)
    {
        if (NumberRange.Fault(value, minimum, maximum) is { } fault)
            throw Invalid(field, fault);
    }

    /// <summary>One fault if a number is outside its range or not finite; otherwise none.</summary>
    /// <param name="value">Null, if it was not given, is no fault.</param>
    /// <param name="minimum">Inclusive.</param>
    /// <param name="maximum">Inclusive.</param>
    /// <param name="unit">Starts with a space: " dB".</param>
    public static IEnumerable<InputFault> OutOfRange(string field, double? value, double minimum, double maximum, string unit = "") =>
        value is { } given && NumberRange.Fault(given, minimum, maximum, unit) is { } fault ? [Invalid(field, fault)] : [];

    /// <summary>
    /// Throws nothing for no fault, the fault itself for one, and one combined fault for several. Only the first
    /// <see cref="MostListed"/> are looked for and listed.
    /// </summary>
    public static void ThrowIfAny(IEnumerable<InputFault> faults)
    {
        var found = faults.Take(MostListed + 1).ToList();
        if (found.Count > 0)
            throw found.Count == 1 ? found[0] : new InputFault(found[..Math.Min(found.Count, MostListed)], found.Count > MostListed);
    }

    // Messages contain names from outside. They must not forge a second line or a terminal control sequence.
    static string OneLine(string message) => PlainText.Of(Shorten(message));

    static string Shorten(string text) => text.Length <= LongestMessage ? text : $"{text[..(LongestMessage - 3)]}...";
}
