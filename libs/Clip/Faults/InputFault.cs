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
    /// The input may be valid, but this machine cannot do the work now: the disk is full, the temporary folder is missing. INTERNAL.
    /// </summary>
    Environment,
}

/// <summary>
/// An expected failure: invalid input, a missing file, an exceeded limit. The message is one line that names the field, the limit and the
/// value. Any other exception is a bug.
/// </summary>
public sealed class InputFault : Exception
{
    public InputFault(FaultKind kind, string field, string message, Exception? inner = null) : base(OneLine($"{field}: {message}"), inner)
        => (Kind, Field) = (kind, field);

    InputFault(IReadOnlyList<InputFault> faults) : base(string.Join("; ", faults.Select(fault => fault.Message)), faults[0])
        => (Kind, Field) = (faults[0].Kind, string.Join(",", faults.Select(fault => fault.Field)));

    public FaultKind Kind { get; }

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

    /// <summary>Throws nothing for no fault, the fault itself for one, and one combined fault for several.</summary>
    public static void ThrowIfAny(IReadOnlyList<InputFault> faults)
    {
        if (faults.Count > 0)
            throw faults.Count == 1 ? faults[0] : new InputFault(faults);
    }

    // Messages contain names from outside. They must not forge a second line or a terminal control sequence.
    static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? '?' : c)) : message;
}
